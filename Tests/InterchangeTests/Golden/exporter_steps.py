"""What PyTorch's exporters write in small steps: layer normalization before operator set 17, a bounded softplus; with inputs x and
outputs y.

    python3 exporter_steps.py        (torch, onnx, onnxscript, numpy)
"""
import numpy as np
import onnx
import torch
from torch import nn

torch.manual_seed(12)
rng = np.random.default_rng(12)


class Rows(nn.Module):
    def __init__(self):
        super().__init__()
        self.convolution, self.rows, self.head = nn.Conv1d(4, 6, 5), nn.LayerNorm(6), nn.Conv1d(6, 2, 1)
        nn.init.uniform_(self.rows.weight, 0.5, 1.5)
        nn.init.normal_(self.rows.bias)

    def forward(self, x):
        y = self.rows(self.convolution(x).transpose(1, 2)).transpose(1, 2)
        return nn.functional.softplus(self.head(y)).amax(2)


module = Rows().eval()
x = np.eye(4, dtype="f4")[rng.integers(0, 4, (4, 30))].transpose(0, 2, 1).copy()
with torch.no_grad():
    np.savez_compressed("rows.npz", x=x, y=module(torch.from_numpy(x)).numpy())
torch.onnx.export(module, (torch.from_numpy(x[:1]),), "rows.onnx", dynamo=False, opset_version=11)
torch.onnx.export(module, (torch.from_numpy(x[:1]),), "bounded.onnx", dynamo=True, external_data=False)
# Without the places on this machine that the exporter notes.
model = onnx.load("bounded.onnx")
for part in [model, model.graph, *model.graph.node]:
    del part.metadata_props[:]
onnx.save(model, "bounded.onnx")
