import ArgumentParser
import MotifKit

@main
struct MotifKitCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "motifkit",
    abstract: "Train convolutional networks on DNA and see what they learned.",
    discussion: """
      EXAMPLE:
        motifkit run --out study
          simulates the FOXO1 data, trains five networks, and writes study/index.html
      """,
    version: Release.version,
    subcommands: [
      Run.self, Simulate.self, Train.self, Evaluate.self, CrossValidate.self, Search.self, Predict.self,
      Import.self, Export.self, Summary.self, Filters.self, Redundancy.self, Prune.self, Explain.self,
      Grade.self,
      Discover.self, Audit.self, Stability.self, MotifFiles.self, Compare.self, Cluster.self, Enrich.self,
      Scan.self, Shuffle.self, Marginalize.self, Ablate.self, Space.self, Design.self,
      Extract.self, Variants.self,
    ])

  static func main() {
    do {
      try requireFileDescriptors()
      try requireThreads()
      prepareForSignals()
      let arguments = joiningNegativeNumbers(CommandLine.arguments.dropFirst())
      var command = try parseAsRoot(arguments)
      try requireDistinctOutputs(arguments)
      try command.run()
      try GenomeArguments.remarkIfUnused(by: command)
      try StandardOutput.flush()
    } catch {
      leave(with: error)
    }
  }
}
