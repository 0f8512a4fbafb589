"""Golden numbers of RankingTests.swift, from NumPy and SciPy 1.17."""
import numpy as np
from scipy import stats
i=np.arange(11); x=np.sort((i*i*37%101)/7-5)
print("values",x.tolist())
print("quantiles",[(q,float(np.quantile(x,q))) for q in [0,0.025,0.3,0.5,0.975,1]])
p=np.array([1e-310**0.5,3e-8,0.004,0.004,0.03,0.2,0.8])
print("p",p.tolist()); print("bh log10",np.log10(stats.false_discovery_control(p)).tolist())
