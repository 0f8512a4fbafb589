"""A network of PyTorch as safetensors, which keep tensors by name, not as the program made them; its outputs.

    python3 by_name.py          (torch, safetensors, numpy)

Eleven layers have numbers for names; two with words for names fit in each other's places. What the LSTM gives is flattened position by position.
"""
import json

import numpy as np
import torch
from safetensors.torch import save_file
from torch import nn


class Network(nn.Module):
    def __init__(self):
        super().__init__()
        self.steps = nn.ModuleList([nn.Conv1d(4 if place == 0 else 6, 6, 3) for place in range(11)])
        self.bn = nn.BatchNorm1d(6)
        self.lstm = nn.LSTM(6, 4, batch_first=True)
        self.first = nn.Linear(4 * 8, 5)
        self.zoom = nn.Linear(5, 5)
        self.another = nn.Linear(5, 5)
        self.head = nn.Linear(5, 2)

    def forward(self, x):
        for step in self.steps:
            x = torch.relu(step(x))
        x, _ = self.lstm(self.bn(x).transpose(1, 2))
        x = torch.relu(self.first(x.flatten(1)))
        return self.head(torch.relu(self.another(torch.relu(self.zoom(x)))))


torch.manual_seed(0)
network = Network()
with torch.no_grad():
    for parameter in network.parameters():
        parameter.mul_(2.5)
    network.bn.running_mean.uniform_(0, 0.2)
    network.bn.running_var.uniform_(0.1, 0.3)
    codes = np.random.default_rng(0).integers(0, 4, (5, 30))
    x = np.eye(4, dtype="u1")[codes]
    y = network.eval()(torch.from_numpy(x.transpose(0, 2, 1)).float()).numpy()
np.savez_compressed("by_name.npz", x=x, y=y)
save_file(network.state_dict(), "by_name.safetensors")
layers = [{"type": "convolution1D", "filters": 6, "kernelSize": 3, "activation": "relu"} for _ in range(11)]
layers += [
    {"type": "batchNormalization", "convention": "pytorch"},
    {"type": "recurrent", "cell": "lstm", "units": 4, "returnsSequences": True},
    {"type": "flatten"},
    {"type": "dense", "units": 5, "activation": "relu"},
    {"type": "dense", "units": 5, "activation": "relu"},
    {"type": "dense", "name": "another", "units": 5, "activation": "relu"},
    {"type": "dense", "units": 2},
]
with open("by_name.json", "w") as f:
    json.dump({"input": {"length": 30}, "layers": layers}, f)
