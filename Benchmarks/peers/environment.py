"""What must be set before a framework is imported."""
import importlib
import os


def prepare(name, threads):
    """The module of the peer called `name`, imported with `threads` threads and without a GPU."""
    for variable in ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS", "NUMBA_NUM_THREADS"):
        os.environ[variable] = str(threads)
    os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
    os.environ["CUDA_VISIBLE_DEVICES"] = ""
    os.environ["JAX_PLATFORMS"] = "cpu"
    return importlib.import_module(f"{name}_peer")
