"""Golden numbers of optimizers by Keras, in double precision: KERAS_BACKEND=tensorflow python optimizers.py > optimizers.json

Five full-batch steps of one small network from the parameters and sequences of networks.py. Needs keras 3.
"""
import json
import os

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
import keras
import numpy as np
from networks import COUNT, bases, number

keras.backend.set_floatx("float64")
LENGTH, STEPS = 20, 5
o = keras.optimizers
OPTIMIZERS = {
    "adam": o.Adam(),
    "adam, rate 0.05, epsilon 0.001": o.Adam(0.05, beta_1=0.8, beta_2=0.9, epsilon=1e-3),
    "adamW": o.AdamW(0.01, weight_decay=0.1),
    "sgd": o.SGD(0.5),
    "sgd, momentum": o.SGD(0.1, momentum=0.9),
    "sgd, nesterov": o.SGD(0.1, momentum=0.9, nesterov=True),
    "rmsprop": o.RMSprop(0.01),
    "rmsprop, momentum": o.RMSprop(0.01, rho=0.8, momentum=0.5, epsilon=1e-4),
    "sgd, weight decay": o.SGD(0.1, weight_decay=0.2),
    "sgd, clipped norm": o.SGD(0.5, global_clipnorm=0.05),
    "sgd, clipped value": o.SGD(0.5, clipvalue=0.01),
}


def run(optimizer):
    model = keras.Sequential([
        keras.Input((LENGTH, 4)), keras.layers.Conv1D(3, 4, activation="relu"), keras.layers.GlobalMaxPooling1D(),
        keras.layers.Dense(1)])
    values = [number(i) for i in range(model.count_params())]
    weights = []
    for w in model.get_weights():
        weights.append(np.array(values[:w.size]).reshape(w.shape))
        values = values[w.size:]
    model.set_weights(weights)
    model.compile(optimizer, keras.losses.BinaryCrossentropy(from_logits=True))
    x = np.eye(4)[[bases(s, LENGTH) for s in range(COUNT)]]
    y = np.array([[s % 2] for s in range(COUNT)], float)
    losses = [float(model.train_on_batch(x, y)) for _ in range(STEPS)]
    return {"losses": losses, "parameters": np.concatenate([w.ravel() for w in model.get_weights()]).tolist()}


if __name__ == "__main__":
    print(json.dumps({name: run(optimizer) for name, optimizer in OPTIMIZERS.items()}, indent=1))
