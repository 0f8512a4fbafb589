import Foundation
import MotifKit
import Testing

/// The library as the README shows it: what stands there is this function, so that it compiles and runs.
@Suite struct ReadmeTests {
  private func example() throws -> [MotifMatch] {
    // README begins
    let data = try PlantedSimulation(frequencies: Motif.foxo1.frequencies.rows).run().halves(seed: 0)
    let network = Network(input: .dna(length: 100)) {
      Convolution1D(filters: 64, kernelSize: 12, activation: .relu)
      GlobalMaxPooling1D()
      Dense(1)
    }
    let (trained, report) = try network.trained(
      on: DataSet(data.train.labeled), validation: DataSet(data.test.labeled))
    let motifs = try trained.filterMotifs(data.train.sequences, rule: .halfMax).compactMap { $0.motif() }
    let result = try Comparison().compare(motifs, [.foxo1], null: .automatic(targets: 1))
    for match in result.matches { print(result.query(match).identifier, match.pValue) }
    print(report.epochs.last!.validationAccuracy!)
    // README ends
    return result.matches
  }

  @Test func exampleFindsFOXO1() throws {
    let matches = try example()
    #expect(matches.contains { $0.pValue < 1e-15 && $0.orientation == .forward })
  }

  @Test func readmeShowsTheExample() throws {
    let here = URL(fileURLWithPath: #filePath)
    let source = try String(contentsOf: here, encoding: .utf8)
    let lines = source.components(separatedBy: "\n")
    let first = try #require(lines.firstIndex { $0.hasSuffix("// README begins") })
    let last = try #require(lines.firstIndex { $0.hasSuffix("// README ends") })
    let body = lines[(first + 1)..<last].map { $0.dropFirst(4) }.joined(separator: "\n")
    let root = here.deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    let readme = try String(contentsOf: root.appendingPathComponent("README.md"), encoding: .utf8)
    #expect(readme.contains("```swift\nimport MotifKit\n\n\(body)\n```"))
  }
}
