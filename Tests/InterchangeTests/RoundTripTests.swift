import Foundation
import Interchange
import NeuralNetworks
import Runtime
import Sequences
import TestSupport
import Testing

/// Ours to another program's file and back: the same outputs.
@Suite struct RoundTripTests {
  @Test(arguments: Networks.cases.indices, ModelExport.Format.allCases)
  func outputsStayTheSame(_ index: Int, _ format: ModelExport.Format) throws {
    let network = try Networks.network(Networks.cases[index].layers, length: 60)
    let sequences = Networks.sequences(20, length: 60)
    let expected = try network.logits(of: sequences)
    #expect(Set(expected).count > 15, "the network says different things of different sequences")
    try withTemporaryDirectory { folder in
      let path = folder + "/model"
      try ModelExport.write(network, to: path, format: format)
      var options = ImportOptions()
      if format == .torch {
        // A state_dict does not say what is computed; networks that score both strands have two layers there for one.
        if network.architecture.json().contains("reverseComplement") {
          #expect(throws: InputError.self) { try ModelImport.read(path, options: options) }
          return
        }
        options.architecture = folder + "/architecture.json"
        try AtomicFile.write(network.architecture.json(), to: options.architecture!)
      }
      let model = try ModelImport.read(path, options: options)
      #expect(model.network.architecture.parameterCount == network.architecture.parameterCount)
      let differences = try zip(model.network.logits(of: sequences), expected).map { abs($0 - $1) }
      #expect(try #require(differences.max()) <= 1e-6)
      // The same network gives the same bytes.
      let bytes = try Data(contentsOf: URL(fileURLWithPath: path))
      try ModelExport.write(network, to: path, format: format)
      #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == bytes)
    }
  }

  /// A map that is normalized as a whole, and one with a number for each position.
  @Test(arguments: [ModelExport.Format.keras, .onnx], [1, 5])
  func flattenedMapsComeBack(_ format: ModelExport.Format, _ filters: Int) throws {
    let network = try Networks.network(
      [
        Layer(Convolution1D(filters: filters, kernelSize: 7)), .flatten,
        .batchNormalization(BatchNormalization(.keras)), Layer(LayerNormalization()),
        Layer(Reshape(length: 54)),
        .convolution1D(Convolution1D(filters: 3, kernelSize: 3)), .globalAveragePooling1D, .dense(Dense(2)),
      ], length: 60)
    let sequences = Networks.sequences(20, length: 60)
    try withTemporaryDirectory { folder in
      try ModelExport.write(network, to: folder + "/model", format: format)
      let model = try ModelImport.read(folder + "/model")
      let differences = try zip(model.network.logits(of: sequences), network.logits(of: sequences)).map {
        abs($0 - $1)
      }
      #expect(try #require(differences.max()) <= 1e-6)
    }
  }

  @Test(arguments: [ModelExport.Format.keras, .onnx])
  func linksComeBack(_ format: ModelExport.Format) throws {
    let network = try Networks.network(Networks.cases[1].layers, length: 60)
    let sequences = Networks.sequences(5, length: 60)
    try withTemporaryDirectory { folder in
      for link in [ImportedModel.Link.sigmoid, .softmax] {
        try ModelExport.write(network, to: folder + "/model", format: format, links: [link])
        let model = try ModelImport.read(folder + "/model")
        #expect(model.outputs.map(\.link) == [link])
        let predictions = try model.predictions(of: sequences)[0]
        let sums = stride(from: 0, to: 15, by: 3).map { predictions[$0..<$0 + 3].reduce(0, +) }
        #expect(sums.allSatisfy { abs($0 - 1) < 1e-5 } == (link == .softmax))
        #expect(predictions.allSatisfy { (0...1).contains($0) })
      }
    }
  }
}
