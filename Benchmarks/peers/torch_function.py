"""For the scripts that build networks of PyTorch."""
from torch import nn


class Function(nn.Module):
    """A network that is a Python function of modules."""

    def __init__(self, forward, **modules):
        super().__init__()
        for name, module in modules.items():
            setattr(self, name, module)
        self.body = forward

    def forward(self, x):
        return self.body(self, x)
