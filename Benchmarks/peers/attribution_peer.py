"""Attributions of 1,000 sequences: gradients and their integrals with PyTorch and captum, DeepSHAP and mutagenesis with
tangermeme.

A method that takes minutes is asked for a part of the sequences; the seconds are then those of all.
"""
import time

import captum
import captum.attr
import tangermeme
import torch
from tangermeme.deep_lift_shap import deep_lift_shap
from tangermeme.saturation_mutagenesis import saturation_mutagenesis
from torch import nn

import networks
import torch_peer

COUNT = 1000
# Sequences that are explained of each network.
PARTS = {
    "integrated-gradients": {"v5": 100, "deepstarr": 20},
    "deepshap": {"v5": 100, "deepstarr": 20},
    "mutagenesis": {"v5": 100, "deepstarr": 10},
}


def version():
    return f"{torch.__version__}, captum {captum.__version__}, tangermeme {tangermeme.__version__}"


class Explanation:
    def __init__(self, name, threads):
        torch.set_num_threads(threads)
        torch.manual_seed(0)
        self.name = name
        stack = networks.STACKS[name]
        layers = list(torch_peer._network(stack).eval())
        # tangermeme's rule wants the maximum as a module.
        length = stack.length
        for index, layer in enumerate(layers):
            if isinstance(layer, nn.Conv1d) and layer.padding != "same":
                length -= layer.kernel_size[0] - 1
            elif isinstance(layer, nn.MaxPool1d):
                length //= layer.kernel_size
            elif isinstance(layer, torch_peer._GlobalMax):
                layers[index] = nn.Sequential(nn.MaxPool1d(length), nn.Flatten())
        self.network = nn.Sequential(*layers).eval()
        relus = [index for index, layer in enumerate(layers) if isinstance(layer, nn.ReLU)]
        convolutions = [index for index, layer in enumerate(layers) if isinstance(layer, nn.Conv1d)]
        self.last = self.network[next(index for index in relus if index > convolutions[-1])]
        bases = torch.randint(0, 4, (COUNT, stack.length))
        self.x = torch.nn.functional.one_hot(bases, 4).permute(0, 2, 1).float().contiguous()

    def explain(self, method):
        """Seconds for all sequences."""
        count = PARTS.get(method, {}).get(self.name, COUNT)
        x = self.x[:count]
        ways = {
            "gradient": [lambda: self.gradient(x)],
            "integrated-gradients": [
                lambda: captum.attr.IntegratedGradients(self.network).attribute(
                    x, target=0, n_steps=50, internal_batch_size=2560)
            ],
            "deepshap": [
                lambda: deep_lift_shap(
                    self.network, x, target=0, device="cpu", n_shuffles=20, batch_size=1280, warning_threshold=1e9)
            ],
            "mutagenesis": [
                lambda: saturation_mutagenesis(
                    self.network, x, target=0, device="cpu", batch_size=2048, fast=fast)
                for fast in (False, True)
            ],
            "grad-cam": [lambda: captum.attr.LayerGradCam(self.network, self.last).attribute(x, target=0)],
        }
        seconds = []
        for way in ways[method]:
            start = time.perf_counter()
            try:
                way()
            except Exception:
                # The fast way of mutagenesis does not take every network.
                if len(ways[method]) == 1:
                    raise
                continue
            seconds.append(time.perf_counter() - start)
        return min(seconds) * COUNT / count

    def gradient(self, x):
        x = x.clone().requires_grad_(True)
        self.network(x)[:, 0].sum().backward()
        return x.grad
