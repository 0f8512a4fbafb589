"""The networks in JAX: everything jitted, one compiled step a minibatch, the input made one-hot inside it."""
import jax
import jax.numpy as jnp
import numpy as np
import optax

import networks


def version():
    return jax.__version__


def _convolution(x, kernel, padding):
    return jax.lax.conv_general_dilated(
        x, kernel, (1,), padding, dimension_numbers=("NWC", "WIO", "NWC"))


def _max_pool(x, size):
    count = x.shape[1] // size
    return x[:, : count * size].reshape(x.shape[0], count, size, -1).max(2)


class Model:
    def __init__(self, stack, threads):
        # XLA takes as many threads as the process may run on: the caller pins it.
        self.stack = stack
        self.key = jax.random.PRNGKey(0)
        self.parameters, self.state = self._initial()
        self.optimizer = optax.adam(networks.LEARNING_RATE, eps=networks.ADAM_EPSILON)
        self.moments = self.optimizer.init(self.parameters)
        self.random = np.random.default_rng(0)
        self._compile()

    def load(self, train, test):
        self.x, self.y = train[0].astype(np.int32), train[1].astype(np.float32)
        self.test = test[0].astype(np.int32)

    def _initial(self):
        stack, key, parameters, statistics = self.stack, self.key, [], []
        glorot = jax.nn.initializers.glorot_uniform(in_axis=-2, out_axis=-1)
        channels, length = 4, stack.length
        for filters, size, pool in stack.convolutions:
            key, part = jax.random.split(key)
            layer = {"kernel": glorot(part, (size, channels, filters)), "bias": jnp.zeros(filters)}
            if stack.family == "published":
                layer |= {"gamma": jnp.ones(filters), "beta": jnp.zeros(filters)}
                statistics.append((jnp.zeros(filters), jnp.ones(filters)))
                length //= pool
            parameters.append(layer)
            channels = filters
        if stack.family == "published":
            channels *= length
        for units in [*stack.hidden, stack.outputs]:
            key, part = jax.random.split(key)
            parameters.append({"kernel": glorot(part, (channels, units)), "bias": jnp.zeros(units)})
            channels = units
        return parameters, statistics

    def _forward(self, parameters, statistics, x, key, training):
        stack, new = self.stack, []
        depth = len(stack.convolutions)
        x = jax.nn.one_hot(x, 4)
        for index, (layer, (_, _, pool)) in enumerate(zip(parameters, stack.convolutions)):
            if stack.family == "exercise":
                if index:
                    x = _max_pool(x, pool)
                    if training:
                        key, part = jax.random.split(key)
                        keep = 1 - networks.DROPOUT
                        x = jnp.where(jax.random.bernoulli(part, keep, x.shape), x / keep, 0)
                x = jax.nn.relu(_convolution(x, layer["kernel"], "VALID") + layer["bias"])
            else:
                x = _convolution(x, layer["kernel"], "SAME") + layer["bias"]
                mean, variance = (x.mean((0, 1)), x.var((0, 1))) if training else statistics[index]
                if training:
                    old = statistics[index]
                    new.append((0.9 * old[0] + 0.1 * mean, 0.9 * old[1] + 0.1 * variance))
                x = (x - mean) * (jax.lax.rsqrt(variance + 1e-5) * layer["gamma"]) + layer["beta"]
                x = _max_pool(jax.nn.relu(x), pool)
        x = x.max(1) if stack.family == "exercise" else x.reshape(x.shape[0], -1)
        for index, layer in enumerate(parameters[depth:]):
            if index:
                x = jax.nn.relu(x)
            x = x @ layer["kernel"] + layer["bias"]
        return x, new

    def _compile(self):
        stack = self.stack

        def loss(parameters, statistics, x, y, key):
            z, new = self._forward(parameters, statistics, x, key, True)
            if stack.family == "exercise":
                return optax.sigmoid_binary_cross_entropy(z[:, 0], y).mean(), new
            return ((z - y) ** 2).mean(), new

        def step(parameters, statistics, moments, x, y, key):
            key, part = jax.random.split(key)
            gradients, new = jax.grad(loss, has_aux=True)(parameters, statistics, x, y, part)
            updates, moments = self.optimizer.update(gradients, moments)
            return optax.apply_updates(parameters, updates), new, moments, key

        self.step = jax.jit(step, donate_argnums=(0, 1, 2))
        self.infer = jax.jit(lambda p, s, x: self._forward(p, s, x, None, False)[0])

    def train_epoch(self):
        order, size = self.random.permutation(len(self.x)), self.stack.batch
        for first in range(0, len(order), size):
            batch = order[first : first + size]
            self.parameters, self.state, self.moments, self.key = self.step(
                self.parameters, self.state, self.moments, self.x[batch], self.y[batch], self.key)
        jax.block_until_ready(self.parameters)

    def predict(self):
        size = self.stack.batch
        parts = [
            self.infer(self.parameters, self.state, self.test[first : first + size])
            for first in range(0, len(self.test), size)
        ]
        return np.concatenate([np.asarray(part) for part in parts])
