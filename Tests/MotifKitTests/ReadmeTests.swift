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
    let trained = try network.trained(
      on: DataSet(data.train.labeled), validation: DataSet(data.test.labeled))
    let motifs = try trained.network.filterMotifs(of: data.train.sequences, rule: .halfMax).compactMap {
      $0.motif()
    }
    let result = try Comparison().compare(motifs, [.foxo1], null: .automatic(targets: 1))
    for match in result.matches { print(result.query(match).identifier, match.pValue) }
    print(trained.report.epochs.last!.validationAccuracy!)
    // README ends
    return result.matches
  }

  @Test func exampleFindsFOXO1() throws {
    let matches = try example()
    #expect(matches.contains { $0.pValue < 1e-15 && $0.orientation == .forward })
  }

  private static let root = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  /// The lines of a file between two comments, without `indent` spaces.
  private static func part(_ name: String, of path: String, indent: Int = 0) throws -> String {
    let source = try String(contentsOf: root.appendingPathComponent(path), encoding: .utf8)
    let lines = source.components(separatedBy: "\n")
    let first = try #require(lines.firstIndex { $0.hasSuffix("// \(name) begins") })
    let last = try #require(lines.firstIndex { $0.hasSuffix("// \(name) ends") })
    return lines[(first + 1)..<last].map { $0.dropFirst(indent) }.joined(separator: "\n")
  }

  private static func page(_ path: String) throws -> String {
    try String(contentsOf: root.appendingPathComponent(path), encoding: .utf8)
  }

  @Test func readmeShowsTheExample() throws {
    let body = try Self.part("README", of: "Tests/MotifKitTests/ReadmeTests.swift", indent: 4)
    #expect(try Self.page("README.md").contains("```swift\nimport MotifKit\n\n\(body)\n```"))
  }

  /// Their programs are built and run by script/examples.
  @Test func articlesShowTheExamples() throws {
    let training = try Self.part("First network", of: "Examples/Sources/TrainNetwork/main.swift")
    #expect(
      try Self.page("Sources/MotifKit/MotifKit.docc/FirstNetwork.md")
        .contains("```swift\nimport MotifKit\n\n\(training)\n```"))
    let explaining = try Self.part("Explaining", of: "Examples/Sources/ExplainModel/main.swift")
    #expect(
      try Self.page("Sources/MotifKit/MotifKit.docc/ExplainingAModel.md")
        .contains("```swift\n\(explaining)\n```"))
  }
}
