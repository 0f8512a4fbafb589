"""Model files and Python's safetensors package (0.8): python model.py writes model.safetensors;
python model.py FILE prints what a file of motifkit holds."""
import json
import sys

import numpy as np
from safetensors import safe_open
from safetensors.numpy import save_file

if len(sys.argv) > 1:
    with safe_open(sys.argv[1], "np") as file:
        print(file.metadata())
        for name in file.keys():
            print(name, file.get_tensor(name).shape, file.get_tensor(name).ravel().tolist())
else:
    layers = [
        {"type": "convolution1D", "filters": 2, "kernelSize": 3, "activation": "relu"},
        {"type": "globalMaxPooling1D"}, {"type": "dense", "units": 1}]
    tensors = {
        "conv1d.kernel": np.arange(24, dtype=np.float32).reshape(3, 4, 2) / 8, "conv1d.bias": np.float32([-1, 1]),
        "dense.kernel": np.float32([[0.5], [-0.25]]), "dense.bias": np.float32([3])}
    metadata = {"architecture": json.dumps({"input": {"length": 5}, "layers": layers}), "by": "numpy"}
    save_file(tensors, "model.safetensors", metadata)
