"""Golden numbers of AuditTests and GradingTests, by numpy and scikit-learn."""
import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import average_precision_score, roc_auc_score

x = np.array([np.sin(0.7 * i) + (2 if i % 4 == 1 else 0) + 0.3 * (i % 2) for i in range(32)])
power = np.abs(np.fft.fft(x - x.mean())) ** 2
total = ((x - x.mean()) ** 2).sum() * 32
print("period 2, 4, 8 shares", [power[16] / total, 2 * power[8] / total, 2 * (power[4] + power[12]) / total])
others = sorted(power[k] for k in range(1, 17) if k % 4)
noise = others[len(others) // 2] / np.log(2)
print("p of period 4", 3 * np.exp(-power[8] / noise))
values = np.array([0.1, 0.5, 0.5, 2.0, 0.0, 0.5, 0.3, 0.0, 1.5, 0.0])
inside = np.array([0, 0, 1, 1, 1, 0, 0, 0, 0, 0])
print("site", values[2:5].sum() / values.sum(), roc_auc_score(inside, values), average_precision_score(inside, values))
rows = np.array([[((3 * i + 7 * j) % 11) / 5 for j in range(3)] for i in range(40)])
labels = np.array([1 if (i * i) % 7 < 3 else 0 for i in range(40)])
model = LogisticRegression(C=1.0, tol=1e-12, max_iter=10000).fit(rows, labels)
print("logistic", model.coef_[0], model.intercept_)
