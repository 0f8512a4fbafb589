import ArgumentParser
import Foundation
import Interchange
import MotifKit
import NeuralNetworks
import Runtime

struct Export: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Write a model for another program.",
    discussion: """
      keras writes what Keras 3 loads: a .keras file, or a whole .h5 if FILE ends so. torch writes a state_dict, and beside it \
      the Python program that builds its module (FILE with .py at the end). onnx writes a file for onnxruntime and others.

      The file gives what motifkit predict gives: probabilities where the model answers yes or no or names a class, else \
      numbers. --logits leaves the network's own outputs. Networks of Keras take sequences one-hot as (sequences, length, 4), the \
      others as (sequences, 4, length); bases in the order A C G T.

      EXAMPLE:
        motifkit export v2.safetensors --to onnx --out v2.onnx
      """)

  enum Program: String, ExpressibleByArgument, CaseIterable { case keras, torch, onnx }

  @Argument(help: "A model.") var model: String
  @Option(help: "The program to write for.") var to: Program
  @Option(help: ArgumentHelp("The file to write.", valueName: "file")) var out: String
  @Flag(help: "The network's own outputs, without sigmoid or softmax.") var logits = false
  @OptionGroup(title: "Network of another program") var foreign: ForeignArguments
  @OptionGroup var common: CommonOptions

  func run() throws {
    try requireWritable(out)
    let source = try foreign.model(model, for: nil)
    let network = source.network
    let links = try links(source.objective, of: network)
    let format: ModelExport.Format =
      switch to {
      case .keras: out.hasSuffix(".h5") || out.hasSuffix(".hdf5") ? .h5 : .keras
      case .torch: .torch
      case .onnx: .onnx
      }
    try ModelExport.write(
      network, to: out, format: format, links: links,
      name: ((model as NSString).lastPathComponent as NSString).deletingPathExtension)
    guard to == .torch else { return }
    let program = (out as NSString).deletingPathExtension + ".py"
    try AtomicFile.write(
      try ModelExport.pythonProgram(network, links: links, file: (out as NSString).lastPathComponent),
      to: program)
    common.note("\(program) builds the module that \(out) belongs to")
  }

  /// What becomes of each of the network's outputs.
  private func links(_ objective: Objective?, of network: Network) throws -> [ImportedModel.Link] {
    let outputs = network.architecture.outputs
    guard !logits, let objective else { return outputs.map { _ in .identity } }
    return try outputs.map { output in
      let losses = zip(objective.heads, objective.ranges).filter { output.range.overlaps($1) }.map(\.0.loss)
      let links = Set(losses.map(ImportedModel.Link.init))
      guard links.count == 1, let link = links.first else {
        throw InputError(
          file: model, "output \(output.name) holds heads of different kinds; --logits writes it as it is")
      }
      return link
    }
  }
}
