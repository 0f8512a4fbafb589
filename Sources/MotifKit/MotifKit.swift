@_exported import Evaluation
@_exported import Figures
@_exported import Interpretation
@_exported import Motifs
@_exported import NeuralNetworks
@_exported import Report
@_exported import Sequences
