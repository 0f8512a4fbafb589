"""Builds networks as others wrote them in Keras 2 on TensorFlow, and imports each file with `--check`.

    python3 tensorflow_networks.py MOTIFKIT [NAME…]

MOTIFKIT is the program. The networks have the layers of published ones in small: Basset, Basenji, DeepSEA, DanQ, DeepSTARR, BPNet
(whose profile was a two-dimensional transposed convolution), ChromBPNet (whole, of nested networks), DeepMEL, SpliceAI, DREAM's
recurrent network, Xpresso's tower. Each is written as Keras 2 writes it, `.h5`, `.keras` and weights with JSON, and as ONNX by
tf2onnx, operator sets 11 to 18. A line is the largest difference, or the message of a refusal; for networks called `refused …` a
message is right. Status 1 if anything else is above 1e-5 (relative to the largest output) or refused. Needs tensorflow, tf_keras,
tf2onnx and numpy.
"""
import os

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
os.environ["TF_USE_LEGACY_KERAS"] = "1"
import numpy as np
import tensorflow as tf
import tf2onnx
import tf_keras as keras

from import_check import ImportCheck

k = keras.layers
imports = ImportCheck()
report, folder, rng, wanted = imports.report, imports.folder, imports.rng, imports.wanted


def conv(filters, size, activation=None, padding="valid", dilation=1):
    return k.Conv1D(filters, size, activation=activation, padding=padding, dilation_rate=dilation)


def dilated(x, gelu):
    """Basenji2's trunk: normalization and GELU before each convolution, dilation growing by 1.5."""
    for _ in range(4):
        y = conv(6, 3, padding="same")(gelu(k.BatchNormalization()(x)))
        x = k.Add()([x, k.Dropout(0.3)(k.BatchNormalization(gamma_initializer="ones")(conv(8, 1)(gelu(y))))])
    return x


def basenji(x):
    gelu = lambda y: k.Activation("gelu")(y)
    y = k.MaxPooling1D(2)(k.BatchNormalization()(conv(8, 15, padding="same")(x)))
    rate = 1.0
    for _ in range(4):
        z = k.BatchNormalization()(conv(4, 3, padding="same", dilation=int(round(rate)))(gelu(y)))
        y = k.Add()([y, k.Dropout(0.3)(k.BatchNormalization()(conv(8, 1)(gelu(z))))])
        rate *= 1.5
    return k.Dense(3, activation="softplus")(gelu(conv(8, 1)(k.Cropping1D(4)(y))))


def bpnet(x):
    """As published: the profile head is a Conv2DTranspose between reshapes."""
    y = conv(8, 25, "relu", "same")(x)
    for i in range(1, 4):
        y = k.Add()([y, conv(8, 3, "relu", "same", 2**i)(y)])
    profile = k.Reshape((-1, 1, 8))(y)
    profile = k.Conv2DTranspose(2, kernel_size=(25, 1), padding="same")(profile)
    profile = k.Reshape((-1, 2), name="profile")(profile)
    return [profile, k.Dense(2, name="logcounts")(k.GlobalAveragePooling1D()(y))]


def tower(filters, length, out):
    x = k.Input((length, 4))
    y = conv(filters, 7, "relu")(x)
    for i in range(1, 4):
        z = conv(filters, 3, "relu", dilation=2**i)(y)
        y = k.Add()([k.Cropping1D(2**i)(y), z])
    profile = k.Flatten()(k.Cropping1D((int(y.shape[1]) - 8 - out) // 2)(conv(1, 9)(y)))
    return keras.Model(x, [profile, k.Dense(1)(k.GlobalAveragePooling1D()(y))])


def chrombpnet(x):
    bias, signal = tower(4, 160, 100), tower(8, 160, 100)
    p, c = zip(bias(x), signal(x))
    profile = k.Add(name="logits_profile_predictions")(list(p))
    counts = k.Lambda(lambda v: tf.math.reduce_logsumexp(v, axis=-1, keepdims=True), name="logcount_predictions")(
        k.Concatenate(axis=-1)(list(c)))
    return [profile, counts]


def deepmel(x):
    """One strand of it."""
    y = k.Dropout(0.2)(k.MaxPooling1D(5)(conv(8, 20, "relu")(x)))
    y = k.Bidirectional(k.LSTM(6, return_sequences=True, dropout=0.1))(k.TimeDistributed(k.Dense(7, activation="relu"))(y))
    return k.Dense(3, activation="sigmoid")(k.Dropout(0.4)(k.Dense(10, activation="relu")(k.Flatten()(k.Dropout(0.2)(y)))))


def spliceai(x):
    y = skip = conv(8, 1)(x)
    y = conv(8, 1)(x)
    for dilation in (1, 4):
        for _ in range(2):
            z = y
            for _ in range(2):
                z = conv(8, 11, padding="same", dilation=dilation)(k.Activation("relu")(k.BatchNormalization()(z)))
            y = k.Add()([y, z])
        skip = k.Add()([skip, conv(8, 1)(y)])
    return k.Softmax(axis=-1)(conv(3, 1)(k.Cropping1D(20)(skip)))


def dream_rnn(x):
    """Two widths side by side, a bidirectional LSTM, two widths again."""
    def block(y):
        return k.Dropout(0.2)(k.Concatenate()([conv(6, 9, "relu", "same")(y), conv(6, 15, "relu", "same")(y)]))
    y = k.Dropout(0.5)(k.Bidirectional(k.LSTM(5, return_sequences=True))(block(x)))
    return k.Dense(1)(k.GlobalAveragePooling1D()(conv(8, 1, "relu")(block(y))))


def legnet(x):
    """Inverted bottleneck with a depthwise convolution, squeeze and excitation, and side-by-side skip."""
    y = k.Activation("swish")(k.BatchNormalization()(conv(8, 7, padding="same")(x)))
    z = k.Activation("swish")(k.BatchNormalization()(conv(16, 1)(y)))
    z = k.Activation("swish")(k.BatchNormalization()(k.DepthwiseConv1D(9, padding="same")(z)))
    gate = k.Dense(16, activation="sigmoid")(k.Dense(4, activation="swish")(k.GlobalAveragePooling1D()(z)))
    z = k.Activation("swish")(k.BatchNormalization()(conv(8, 1)(k.Multiply()([z, k.Reshape((1, 16))(gate)]))))
    y = k.MaxPooling1D(2)(k.Concatenate()([y, z]))
    return k.Dense(1)(k.GlobalAveragePooling1D()(conv(6, 1)(y)))


def chain(x, *layers):
    for layer in layers:
        x = layer(x)
    return x


def normalized(activation="relu"):
    return lambda y: k.Activation(activation)(k.BatchNormalization()(y))


def deepstarr(x):
    y = chain(x, conv(8, 7, padding="same"), normalized(), k.MaxPooling1D(2), k.Flatten(), k.Dense(12), normalized(), k.Dropout(0.4))
    return [k.Dense(1, name="Dev")(y), k.Dense(1, name="Hk")(y)]


def calls(x):
    """Functions of TensorFlow between layers."""
    y = tf.nn.relu(conv(6, 5)(x))[:, 2:-2, :]
    y = tf.clip_by_value(tf.math.exp(y * 0.5) - 1.0, 0.0, 2.0) + tf.nn.gelu(conv(6, 1)(y))
    turned = tf.reshape(tf.transpose(y, [0, 2, 1]), (-1, 6 * 52))
    return k.Dense(2)(tf.concat([tf.reduce_mean(y, axis=1), tf.reduce_max(y, axis=-2), k.Dense(3)(turned)], -1))


def attention(x):
    y = conv(4, 5)(x)
    return chain(k.MultiHeadAttention(2, 4)(y, y), k.GlobalMaxPooling1D(), k.Dense(1))


NETWORKS = {
    "basset": (200, lambda x: chain(
        x, conv(8, 19), normalized(), k.MaxPooling1D(3), conv(6, 11), normalized(), k.MaxPooling1D(4), k.Flatten(), k.Dense(10), normalized(),
        k.Dropout(0.3), k.Dense(3, activation="sigmoid"))),
    "basenji": (128, basenji),
    "basenji2's trunk": (96, lambda x: chain(dilated(conv(8, 5, padding="same")(x), k.Activation("gelu")), k.GlobalMaxPooling1D(), k.Dense(2))),
    "deepsea": (200, lambda x: chain(
        x, conv(8, 8, "relu"), k.MaxPooling1D(4), k.Dropout(0.2), conv(9, 8, "relu"), k.MaxPooling1D(4), k.Dropout(0.2), conv(10, 4, "relu"),
        k.Dropout(0.5), k.Flatten(), k.Dense(12, activation="relu"), k.Dense(5, activation="sigmoid"))),
    "danq": (200, lambda x: chain(
        x, conv(8, 26, "relu"), k.MaxPooling1D(13), k.Dropout(0.2), k.Bidirectional(k.LSTM(6, return_sequences=True)), k.Dropout(0.5),
        k.Flatten(), k.Dense(12, activation="relu"), k.Dense(4, activation="sigmoid"))),
    "last state of a GRU": (200, lambda x: chain(x, conv(8, 26, "relu"), k.MaxPooling1D(13), k.GRU(6), k.Dense(2))),
    "deepstarr": (120, deepstarr),
    "bpnet": (120, bpnet),
    "chrombpnet": (160, chrombpnet),
    "deepmel": (150, deepmel),
    "spliceai": (100, spliceai),
    "dream-rnn": (80, dream_rnn),
    "legnet": (80, legnet),
    "normalized": (60, lambda x: chain(
        x, conv(6, 5, "elu"), k.LayerNormalization(), k.Dense(5, activation="relu"), k.GlobalMaxPooling1D(), k.Dense(2))),
    "slopes": (60, lambda x: chain(x, conv(4, 5), k.LeakyReLU(), conv(3, 5), k.PReLU(), k.Flatten(), k.Dense(1))),
    "strides": (81, lambda x: chain(
        x, k.Conv1D(5, 7, strides=2, padding="same", activation="tanh"), k.AveragePooling1D(3, padding="same"), k.Flatten(), k.Dense(1))),
    "refused attention": (60, attention),
    "calls": (60, calls),
    "groups": (60, lambda x: chain(x, conv(4, 5), k.GroupNormalization(2), k.GlobalMaxPooling1D(), k.Dense(1))),
}


# tf2onnx writes group normalization as means and variances of five axes.
REFUSED_AS_ONNX = {"groups"}


def network(name, length, body):
    keras.utils.set_random_seed(1)
    x = k.Input((length, 4), name="sequence")
    model = keras.Model(x, body(x))
    for layer in model._flatten_layers():
        if isinstance(layer, (k.BatchNormalization, k.PReLU)):
            layer.set_weights([w + rng.uniform(0, 0.5, w.shape) for w in layer.get_weights()])
    sequences = imports.sequences(length)
    y = model.predict(sequences, verbose=0)
    y = y if isinstance(y, list) else [y]
    model.save(folder / "m.h5", save_format="h5")
    report(name, folder / "m.h5", sequences, y)
    model.save(folder / "m.keras", save_format="keras")
    report(name, folder / "m.keras", sequences, y)
    model.save_weights(folder / "m.weights.h5", save_format="h5")
    (folder / "m.json").write_text(model.to_json())
    report(name, folder / "m.weights.h5", sequences, y, "--architecture", folder / "m.json")
    for version in (11, 13, 18):
        path = folder / f"set{version}.onnx"
        signature = [tf.TensorSpec((None, length, 4), tf.float32, name="sequence")]
        try:
            tf2onnx.convert.from_keras(model, input_signature=signature, opset=version, output_path=str(path))
        except Exception as error:
            print(f"{name:24} {path.name:16} not exported: {str(error).splitlines()[0][:80]}")
            continue
        report(f"refused {name}" if name in REFUSED_AS_ONNX else name, path, sequences, y)


for name, (length, body) in NETWORKS.items():
    if not wanted or name in wanted:
        network(name, length, body)
imports.finish()
