# Makes layouts.h5 and version110.h5 with h5py: every layout, filter, type and link the reader knows or refuses.
#   python3 layouts.py
import h5py
import numpy as np

for name, options in [("layouts.h5", {}), ("version110.h5", {"libver": ("v110", "v110")})]:
    with h5py.File(name, "w", **options) as f:
        f.attrs["title"] = "variable length"
        f.attrs["fixed"] = np.array([b"kernel:0", b"bias:0"])
        f.attrs["count"] = 3
        f.attrs["nothing"] = h5py.Empty("f4")
        g = f.create_group("numbers")
        g["f4"] = np.arange(6, dtype="<f4").reshape(2, 3) / 4
        g["f8"] = np.array([1e300, -2.5])
        g["f2"] = np.array([0.5, -3], "<f2")
        g["big"] = np.array([1.25, 7], ">f4")
        g["i1"] = np.array([-1, 5], "i1")
        g["u1"] = np.array([255, 0], "u1")
        g["i4"] = np.array([[-7], [1 << 30]], "i4")
        g["bool"] = np.array([True, False])
        g["scalar"] = np.float32(0.75)
        g["empty"] = np.zeros((0, 4), "f4")
        g.create_dataset("deflated", data=np.arange(4000, dtype="f4").reshape(1000, 4), chunks=(64, 4),
                         compression="gzip", shuffle=True, fletcher32=True)
        g["deflated"].attrs["unit"] = "logit"
        t = f.create_group("texts")
        t["variable"] = np.array(["chr1", "Ä"], dtype=h5py.string_dtype())
        t["fixed"] = np.array([b"chr1", b"chrUn_1"])
        r = f.create_group("refused")
        r.create_dataset("lzf", data=np.arange(100.0), chunks=(10,), compression="lzf")
        r["compound"] = np.zeros(2, [("a", "i4"), ("b", "f4")])
        r["soft"] = h5py.SoftLink("/numbers/f4")
        r["external"] = h5py.ExternalLink("other.h5", "/x")
        deep = f.create_group("deep")
        deep.create_group("a/b/c")["x"] = np.array([1], "i8")
