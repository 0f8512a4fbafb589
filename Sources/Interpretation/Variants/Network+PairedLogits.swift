import NeuralNetworks
import Runtime
import Sequences

extension Network {
  /// The outputs for pairs of sequences that are nearly the same, (N, outputs) each.
  ///
  /// In a network that explanations run in fused stages, of the second of a pair that differs in one base only what the base
  /// reaches in each layer is computed.
  /// - Throws: `InputError` at an output that is no number.
  package func pairedLogits(
    _ first: SequenceSet, _ second: SequenceSet, route: AttributionRoute = .planned(.best),
    threads: Int = Parallel.threads
  ) throws -> (first: [Float], second: [Float]) {
    guard let plan = route.plan(self) else {
      return (
        try finiteLogits(of: first, threads: threads), try finiteLogits(of: second, threads: threads)
      )
    }
    let outputs = plan.pairedOutputs((first, second), threads: threads)
    try requireFinite(outputs.first, of: first)
    try requireFinite(outputs.second, of: second)
    return outputs
  }
}
