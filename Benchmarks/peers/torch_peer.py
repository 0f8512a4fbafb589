"""The networks in PyTorch, eager."""
import torch
from torch import nn

import networks


def version():
    return torch.__version__


class _GlobalMax(nn.Module):
    def forward(self, x):
        return x.amax(-1)


class _DeeperBind(nn.Module):
    def __init__(self, stack):
        super().__init__()
        filters, size, _ = stack.convolutions[0]
        first, second = stack.hidden
        self.detectors = nn.Conv1d(4, filters, size)
        self.first = nn.LSTM(filters, first, batch_first=True)
        self.second = nn.LSTM(first, second, batch_first=True)
        self.dropout = nn.Dropout(0.1)
        self.output = nn.Linear(second, stack.outputs)

    def forward(self, x):
        states = self.first(torch.relu(self.detectors(x)).transpose(1, 2))[0]
        return self.output(self.dropout(self.second(self.dropout(states))[1][0][0]))


class _BPNet(nn.Module):
    def __init__(self, stack):
        super().__init__()
        filters, size, _ = stack.convolutions[0]
        self.first = nn.Conv1d(4, filters, size, padding="same")
        self.dilated = nn.ModuleList(
            nn.Conv1d(filters, units, 3, padding="same", dilation=2 ** (i + 1)) for i, units in enumerate(stack.hidden))
        self.profile = nn.ConvTranspose1d(filters, 1, 25, padding=12)
        self.counts = nn.Linear(filters, 1)

    def forward(self, x):
        x = torch.relu(self.first(x))
        for layer in self.dilated:
            x = x + torch.relu(layer(x))
        return torch.cat([self.profile(x).flatten(1), self.counts(x.mean(2))], 1)


def _network(stack):
    if stack.family in ("deeperbind", "bpnet"):
        return {"deeperbind": _DeeperBind, "bpnet": _BPNet}[stack.family](stack)
    layers, channels, length = [], 4, stack.length
    for index, (filters, size, pool) in enumerate(stack.convolutions):
        if stack.family == "exercise":
            if index:
                layers += [nn.MaxPool1d(pool), nn.Dropout(networks.DROPOUT)]
            layers += [nn.Conv1d(channels, filters, size), nn.ReLU()]
        else:
            layers += [nn.Conv1d(channels, filters, size, padding="same"), nn.BatchNorm1d(filters)]
            layers += [nn.ReLU(), nn.MaxPool1d(pool)]
            length //= pool
        channels = filters
    if stack.family == "exercise":
        layers.append(_GlobalMax())
    else:
        layers.append(nn.Flatten())
        channels *= length
    for units in stack.hidden:
        layers += [nn.Linear(channels, units), nn.ReLU()]
        channels = units
    layers.append(nn.Linear(channels, stack.outputs))
    network = nn.Sequential(*layers)
    for module in network:
        if isinstance(module, (nn.Conv1d, nn.Linear)):
            nn.init.xavier_uniform_(module.weight)
            nn.init.zeros_(module.bias)
    return network


class Model:
    def __init__(self, stack, threads):
        torch.set_num_threads(threads)
        torch.manual_seed(0)
        self.stack = stack
        self.network = _network(stack)
        self.optimizer = torch.optim.Adam(
            self.network.parameters(), networks.LEARNING_RATE, eps=networks.ADAM_EPSILON, foreach=True)
        exercise = stack.family == "exercise"
        self.loss = nn.BCEWithLogitsLoss() if exercise else nn.MSELoss()

    def load(self, train, test):
        def channels_first(codes):
            return torch.tensor(networks.one_hot(codes).transpose(0, 2, 1).copy())

        self.x, self.test = channels_first(train[0]), channels_first(test[0])
        self.y = torch.tensor(train[1], dtype=torch.float32).reshape(len(self.x), -1)

    def train_epoch(self):
        self.network.train()
        order, size = torch.randperm(len(self.x)), self.stack.batch
        for first in range(0, len(order), size):
            batch = order[first : first + size]
            self.optimizer.zero_grad(set_to_none=True)
            self.loss(self.network(self.x[batch]), self.y[batch]).backward()
            self.optimizer.step()

    def predict(self):
        self.network.eval()
        size = self.stack.batch
        with torch.inference_mode():
            parts = [
                self.network(self.test[first : first + size])
                for first in range(0, len(self.test), size)
            ]
            return torch.cat(parts).numpy()
