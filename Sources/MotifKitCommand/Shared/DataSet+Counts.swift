import MotifKit
import NeuralNetworks
import Runtime

extension DataSet {
  /// Each profile with its sum as a target of its own, as networks with a profile and a count have them: the shape by its multinomial
  /// loss, the sum by the squared error of its logarithm (Avsec et al. 2021).
  ///
  /// The sum's error counts as much as a tenth of the median sum, as chrombpnet weighs it (Pampari et al. 2024).
  ///
  /// - Parameter objective: of the set that is trained on; `nil` for that set itself.
  /// - Throws: `InputError` for targets of another kind.
  func withCounts(_ objective: Objective? = nil) throws -> DataSet {
    let width = targets.outputs
    guard self.objective.loss == .multinomial, width > 1 else {
      throw InputError("a profile with counts is learned from --signal-profile and --loss multinomial")
    }
    let profiles = (0..<count).map { targets.values[$0 * width..<($0 + 1) * width] }
    let sums = profiles.map { $0.reduce(0, +) }
    let median = sums.sorted()[sums.count / 2]
    let names = self.objective.outputs
    // `ATAC.1`, `ATAC.2`, … are the bases of ATAC.
    let total = (names[0].split(separator: ".").first.map(String.init) ?? "profile") + ".sum"
    let both =
      objective
      ?? Objective(
        heads: [
          Head("profile", loss: .multinomial, outputs: names),
          Head("counts", loss: .meanSquaredLogError, outputs: [total], weight: max(1, Double(median) / 10)),
        ], columns: names + [total])
    return try DataSet(
      sequences, targets: Targets(outputs: width + 1, values: zip(profiles, sums).flatMap { $0 + [$1] }),
      objective: both)
  }
}
