# Makes arrays.npz with NumPy: every type the reader knows, stored orders and compression.
#   python3 arrays.py
import numpy as np

np.savez_compressed(
    "arrays.npz", f2=np.array([0.5, -2, 6e-8, np.inf], "f2"), f4=np.arange(6, dtype="f4").reshape(2, 3),
    f8=np.array([0.1]), big=np.array([1.5, -3], ">f4"), b1=np.array([True, False]), i1=np.array([-1, 7], "i1"),
    i2=np.array([-300], "i2"), i4=np.array([1 << 30], "i4"), u4=np.array([1 << 31], "u4"), u8=np.array([1 << 63], "u8"),
    fortran=np.asfortranarray(np.arange(24, dtype="f4").reshape(2, 3, 4)), scalar=np.float32(2.5),
    empty=np.zeros((0, 4), "f4"), names=np.array(["chr1", "Ä"]), raw=np.array([b"ab", b"c"]))
