"""The networks in Keras on TensorFlow, as the exercise's notebook trains them."""
import keras
import tensorflow
from keras import layers

import networks


def version():
    return f"{keras.__version__} on TensorFlow {tensorflow.__version__}"


def _network(stack):
    network = keras.Sequential([keras.Input((stack.length, 4))])
    for index, (filters, size, pool) in enumerate(stack.convolutions):
        if stack.family == "exercise":
            if index:
                network.add(layers.MaxPooling1D(pool))
                network.add(layers.Dropout(networks.DROPOUT))
            network.add(layers.Conv1D(filters, size, activation="relu"))
        else:
            network.add(layers.Conv1D(filters, size, padding="same"))
            network.add(layers.BatchNormalization())
            network.add(layers.ReLU())
            network.add(layers.MaxPooling1D(pool))
    network.add(layers.GlobalMaxPooling1D() if stack.family == "exercise" else layers.Flatten())
    for units in stack.hidden:
        network.add(layers.Dense(units, activation="relu"))
    network.add(layers.Dense(stack.outputs))
    return network


class Model:
    def __init__(self, stack, threads):
        try:
            tensorflow.config.threading.set_intra_op_parallelism_threads(threads)
            tensorflow.config.threading.set_inter_op_parallelism_threads(threads)
        except RuntimeError:
            pass  # A second network of the same process: already set.
        keras.utils.set_random_seed(0)
        self.stack = stack
        self.network = _network(stack)
        exercise = stack.family == "exercise"
        self.network.compile(
            loss=keras.losses.BinaryCrossentropy(from_logits=True) if exercise else "mse",
            optimizer=keras.optimizers.Adam(networks.LEARNING_RATE, epsilon=networks.ADAM_EPSILON))

    def load(self, train, test):
        self.x, self.test = networks.one_hot(train[0]), networks.one_hot(test[0])
        self.y = train[1].astype("float32").reshape(len(self.x), -1)

    def train_epoch(self):
        self.network.fit(self.x, self.y, batch_size=self.stack.batch, epochs=1, verbose=0)

    def predict(self):
        return self.network.predict(self.test, batch_size=self.stack.batch, verbose=0)
