import ArgumentParser
import MotifKit

@main
struct MotifKitCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "motifkit",
    abstract: "Train convolutional networks on DNA and see what they learned.",
    version: "0.1.0")
}
