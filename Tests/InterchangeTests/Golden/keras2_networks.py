"""Files of Keras 2 on TensorFlow and of tf2onnx: nested models, an activation that is called several times, a profile head as BPNet
had it (a two-dimensional transposed convolution between reshapes), slopes for each position, both directions of a recurrent layer,
dense layers at each position, layer normalization and logsumexp in small steps; each with inputs x and outputs y.

    python3 keras2_networks.py        (tensorflow 2.21, tf_keras 2.21, tf2onnx 1.17, numpy)
"""
import os

os.environ["TF_USE_LEGACY_KERAS"] = "1"
import numpy as np
import tensorflow as tf
import tf2onnx
import tf_keras as keras

k = keras.layers
rng = np.random.default_rng(11)
keras.utils.set_random_seed(11)


def logsumexp(**options):
    """A function of Python whose byte code, which Keras writes, tells no place on this machine."""
    text = f"lambda v: tf.math.reduce_logsumexp(v, **{options})"
    return eval(compile(text, "logsumexp", "eval"), {"tf": tf})


def save(name, length, body, opset=None):
    x = k.Input((length, 4), name="sequence")
    model = keras.Model(x, body(x))
    for layer in model._flatten_layers():
        if isinstance(layer, (k.BatchNormalization, k.PReLU)):
            layer.set_weights([w + rng.uniform(0, 0.5, w.shape) for w in layer.get_weights()])
    sequences = np.eye(4, dtype="f4")[rng.integers(0, 4, (4, length))]
    outputs = model.predict(sequences, verbose=0)
    outputs = outputs if isinstance(outputs, list) else [outputs]
    names = ["y"] if len(outputs) == 1 else [f"y{i}" for i in range(len(outputs))]
    np.savez_compressed(name + ".npz", x=sequences, **dict(zip(names, outputs)))
    if opset:
        signature = [tf.TensorSpec((None, length, 4), tf.float32, name="sequence")]
        tf2onnx.convert.from_keras(model, input_signature=signature, opset=opset, output_path=name + ".onnx")
    else:
        model.save(name + ".h5", save_format="h5")
        model.save(name + ".keras", save_format="keras")


def tower(filters):
    x = k.Input((40, 4))
    y = k.Conv1D(filters, 5, activation="relu")(x)
    z = k.Conv1D(filters, 3, dilation_rate=2, activation="relu")(y)
    y = k.Add()([k.Cropping1D(2)(y), z])
    return keras.Model(x, [k.Flatten()(k.Conv1D(1, 3)(y)), k.Dense(1)(k.GlobalAveragePooling1D()(y))])


def nested(x):
    first, second = tower(3), tower(4)
    (p, c), (q, d) = first(x), second(x)
    counts = k.Lambda(logsumexp(axis=-1, keepdims=True), name="logcount_predictions")
    return [k.Add(name="profile")([p, q]), counts(k.Concatenate()([c, d]))]


def column(x):
    gelu = k.Activation("gelu")
    y = gelu(k.BatchNormalization()(k.Conv1D(5, 7, padding="same")(x)))
    y = k.Add()([y, gelu(k.BatchNormalization()(k.Conv1D(5, 3, padding="same", dilation_rate=2)(y)))])
    profile = k.Conv2DTranspose(2, kernel_size=(5, 1), padding="same")(k.Reshape((-1, 1, 5))(y))
    return [k.Reshape((-1, 2), name="profile")(profile), k.Dense(1, name="counts")(k.GlobalAveragePooling1D()(k.PReLU()(y)))]


def steps(x):
    y = k.LayerNormalization()(k.Conv1D(6, 5, activation="gelu")(x))
    y = k.Bidirectional(k.LSTM(3, return_sequences=True))(k.Dense(4, activation="relu")(k.MaxPooling1D(4)(y)))
    y = k.Conv1DTranspose(2, 5, padding="same")(k.TimeDistributed(k.Dense(3, activation="relu"))(y))
    return k.Lambda(logsumexp(axis=1))(y)


save("keras2_nested", 40, nested)
save("keras2_column", 30, column)
save("tf2onnx_steps", 40, steps, opset=13)
