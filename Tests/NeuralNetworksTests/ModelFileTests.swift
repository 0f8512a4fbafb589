import Foundation
import NeuralNetworks
import Runtime
import Sequences
import TestSupport
import Testing

/// Model files believe nothing: whatever is wrong gives an `InputError` that names the file.
@Suite struct ModelFileTests {
  private static let network = Network(input: .dna(length: 5), seed: 3) {
    Convolution1D(filters: 2, kernelSize: 3, activation: .relu)
    GlobalMaxPooling1D()
    Dense(1)
  }

  @Test(arguments: layerCases) func roundTrip(_ test: NetworkCase) throws {
    try withTemporaryDirectory { folder in
      let path = folder + "/model.safetensors"
      let outputs = test.architecture.outputCount
      let names = (0..<outputs).map { "ü \"quoted\"\n\($0)" }
      var options = TrainingOptions()
      options.clipNorm = 0.5
      options.optimizer = .sgd(momentum: 0.25)
      let model = Model(
        test.network(), objective: Objective(loss: .poisson, columns: names, outputs: names),
        metadata: Model.Metadata(
          name: "ü/\"", seed: .max, epochs: 3, training: options,
          provenance: Model.Provenance(software: "other", version: "1", sequences: 4, data: "00ff")))
      try model.write(to: path)
      let read = try Model(contentsOf: path)
      #expect(read.network.architecture == test.architecture)
      #expect(read.network.parameters == test.network().parameters)
      #expect(read.objective == model.objective && read.metadata == model.metadata)
    }
  }

  /// A file that Python's safetensors package wrote (`Golden/model.py`), its tensors in another order than ours.
  @Test func readsWhatPythonWrote() throws {
    let model = try Model(contentsOf: goldenPath("model.safetensors"))
    let network = model.network
    #expect(model.objective == .binary && model.metadata == Model.Metadata())
    #expect(network.architecture.layers == Self.network.architecture.layers)
    #expect(network.parameters == (0..<24).map { Float($0) / 8 } + [-1, 1, 0.5, -0.25, 3])
  }

  /// A file of the first version of the format, as motifkit 0.1.0 wrote it.
  @Test func readsTheFirstVersion() throws {
    let model = try Model(contentsOf: goldenPath("version1.safetensors"))
    #expect(
      model.objective
        == Objective(loss: .categoricalCrossEntropy, columns: ["kind"], outputs: ["a", "b", "c"]))
    #expect(model.metadata == Model.Metadata(name: "net", seed: 0, epochs: 1))
    #expect(model.network.parameters.count == 2 * 12 + 2 + 3 * 2 + 3)
  }

  @Test func laterVersionsAreNotGuessedAt() throws {
    try withTemporaryDirectory { folder in
      let path = folder + "/model.safetensors"
      try Model(Self.network).write(to: path)
      let whole = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
      let text = String(decoding: whole[8...], as: Unicode.ASCII.self)
      let place = try #require(text.range(of: #""version":"2""#))
      var bytes = whole
      bytes[8 + text.distance(from: text.startIndex, to: place.upperBound) - 2] = UInt8(ascii: "3")
      try AtomicFile.write(bytes, to: path)
      #expect(throws: InputError(file: path, "is a model of a later version of motifkit (format 3)")) {
        try Model(contentsOf: path)
      }
    }
  }

  /// A table in the place of a model, as when two arguments are exchanged.
  @Test func otherFilesAreNoModels() throws {
    try withTemporaryDirectory { folder in
      let path = folder + "/data.csv"
      try AtomicFile.write(Array("sequence,label\nACGT,1\n".utf8), to: path)
      #expect(throws: InputError(file: path, "is not a model or a checkpoint: not a safetensors file")) {
        try Model(contentsOf: path)
      }
    }
  }

  /// Outputs that nobody named: the network can be read, but not measured.
  @Test func outputsWithoutAMeaning() throws {
    try withTemporaryDirectory { folder in
      let path = folder + "/model.safetensors"
      let network = Network(input: .dna(length: 2)) {
        Flatten()
        Dense(2)
      }
      try Model(network, objective: nil).write(to: path)
      let model = try Model(contentsOf: path)
      #expect(model.objective == nil && model.network.parameters == network.parameters)
      #expect(throws: InputError(file: path, "has 2 outputs and does not say what they are")) {
        try model.requireBinary(for: "an audit", file: path)
      }
      try Model(network, objective: .binary).write(to: path)
      #expect(throws: InputError(file: path, "names 1 outputs where the network has 2")) {
        try Model(contentsOf: path)
      }
    }
  }

  /// The bytes that Python's safetensors package read back as they were meant.
  @Test func bytesAreThoseThatPythonReads() throws {
    try withTemporaryDirectory { folder in
      let path = folder + "/model.safetensors"
      let network = Network(
        architecture: try Architecture(input: .dna(length: 2), layers: [.flatten, .dense(Dense(1))]),
        parameters: [1, -2, 0.5, 4, 0, 7, 8, 9, 10])
      try Model(network, metadata: Model.Metadata(seed: 1)).write(to: path)
      let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
      let header =
        #"{"__metadata__":{"architecture":"{\"input\":{\"length\":2},\"layers\":[{\"type\":\"flatten\"},"#
        + #"{\"activation\":\"linear\",\"type\":\"dense\",\"units\":1,\"useBias\":true}]}","format":"motifkit","#
        + #""objective":"{\"columns\":[],\"heads\":[{\"loss\":\"binaryCrossEntropy\",\"name\":\"output\","#
        + #"\"outputs\":[\"label\"],\"weight\":1}]}","seed":"1","version":"2"},"dense.kernel":{"data_offsets":[0,32],"dtype":"F32","shape":[8,1]},"#
        + #""dense.bias":{"data_offsets":[32,36],"dtype":"F32","shape":[1]}}"#
      let padding = (8 - (header.utf8.count + 8) % 8) % 8
      #expect(bytes[0] == UInt8(truncatingIfNeeded: header.utf8.count + padding))
      #expect(
        String(decoding: bytes[8..<bytes.count - 36], as: UTF8.self)
          == header + String(repeating: " ", count: padding))
      #expect(Array(bytes.suffix(36).prefix(8)) == [0, 0, 0x80, 0x3F, 0, 0, 0, 0xC0])
    }
  }

  @Test func cutShortAtEveryByte() throws {
    try withTemporaryDirectory { folder in
      let path = folder + "/model.safetensors"
      try Model(Self.network).write(to: path)
      let whole = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
      for count in 0..<whole.count {
        try AtomicFile.write(Array(whole[..<count]), to: path)
        expectRefusal(path, "cut at \(count)")
      }
      try AtomicFile.write(whole + [0], to: path)
      expectRefusal(path, "one byte more")
    }
  }

  @Test func everyByteOfTheHeaderChanged() throws {
    try withTemporaryDirectory { folder in
      let path = folder + "/model.safetensors"
      try Model(Self.network).write(to: path)
      let whole = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
      let header = 8 + whole[..<2].enumerated().reduce(0) { $0 + Int($1.element) << (8 * $1.offset) }
      for index in 0..<header {
        for value in [UInt8(0), 0x22, 0x39, 0xFF] {
          var bytes = whole
          bytes[index] = value
          try AtomicFile.write(bytes, to: path)
          // Some changes are harmless (a blank, a digit of a rate); none may crash.
          do { _ = try Model(contentsOf: path) } catch {
            #expect((error as? InputError)?.file == path, "byte \(index) = \(value): \(error)")
          }
        }
      }
    }
  }

  private static let architecture =
    #"{\"input\":{\"length\":1},\"layers\":[{\"type\":\"flatten\"},{\"type\":\"dense\",\"units\":1}]}"#
  private static let metadata = #""__metadata__":{"architecture":"\#(architecture)"}"#

  @Test(arguments: [
    ("{}", 0, "is not a model of motifkit: it has no architecture in its metadata"),
    ("[]", 0, "is not a model or a checkpoint: not a safetensors file"),
    ("{[]}", 0, "not a safetensors file: its header is no JSON object"),
    (#"{"__metadata__":7}"#, 0, "its metadata are not texts"),
    (#"{"__metadata__":{"architecture":7}}"#, 0, "its metadata are not texts"),
    (#"{"__metadata__":{"architecture":"{}"}}"#, 0, "network.layers is missing"),
    ("{\(metadata)}", 0, "tensor dense.kernel is missing"),
    (#"{\#(metadata),"dense.kernel":3}"#, 0, "tensor dense.kernel has no dtype, shape and data_offsets"),
    (
      #"{\#(metadata),"dense.kernel":{"dtype":"F32","shape":[4,1],"data_offsets":[0]}}"#, 16,
      "tensor dense.kernel has no dtype, shape and data_offsets"
    ),
    (
      #"{\#(metadata),"dense.kernel":{"dtype":"C64","shape":[4,1],"data_offsets":[0,32]}}"#, 32,
      "tensor dense.kernel is of the type C64, which is not read"
    ),
    (
      #"{\#(metadata),"dense.kernel":{"dtype":"F32","shape":[-4,-1],"data_offsets":[0,16]}}"#, 16,
      "tensor dense.kernel has an impossible shape"
    ),
    (
      #"{\#(metadata),"dense.kernel":{"dtype":"F32","shape":[9223372036854775807,4],"data_offsets":[0,16]}}"#,
      16,
      "tensor dense.kernel has an impossible shape"
    ),
    (
      #"{\#(metadata),"dense.kernel":{"dtype":"F32","shape":[4,1],"data_offsets":[0,9223372036854775807]}}"#,
      16,
      "tensor dense.kernel lies outside the file: the file is cut short or its header is wrong"
    ),
    (
      #"{\#(metadata),"dense.kernel":{"dtype":"F32","shape":[4,1],"data_offsets":[-16,0]}}"#, 16,
      "tensor dense.kernel lies outside the file: the file is cut short or its header is wrong"
    ),
    (
      #"{\#(metadata),"dense.kernel":{"dtype":"F32","shape":[4,1],"data_offsets":[16,0]}}"#, 16,
      "tensor dense.kernel lies outside the file: the file is cut short or its header is wrong"
    ),
    (
      #"{\#(metadata),"dense.kernel":{"dtype":"F32","shape":[3,1],"data_offsets":[0,16]}}"#, 16,
      "tensor dense.kernel has 16 bytes, but its shape needs 12"
    ),
    (
      #"{\#(metadata),"dense.kernel":{"dtype":"F32","shape":[1,4],"data_offsets":[0,16]}}"#, 16,
      "tensor dense.kernel has shape [1, 4], but its layer needs [4, 1]"
    ),
    (
      #"{\#(metadata),"dense.kernel":{"dtype":"F32","shape":[4,1],"data_offsets":[0,16]}}"#, 16,
      "tensor dense.bias is missing"
    ),
    (
      #"{\#(metadata),"dense.kernel":{"dtype":"F32","shape":[4,1],"data_offsets":[0,16]},"dense.bias":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#,
      16, "tensor dense.kernel does not begin where the one before it ends"
    ),
    (
      #"{\#(metadata),"dense.kernel":{"dtype":"F32","shape":[4,1],"data_offsets":[0,16]},"dense.bias":{"dtype":"F32","shape":[1],"data_offsets":[16,20]}}"#,
      24, "4 bytes after its last tensor"
    ),
    (
      #"{\#(metadata),"dense.kernel":{"dtype":"F32","shape":[4,1],"data_offsets":[0,16]},"dense.bias":{"dtype":"F32","shape":[1],"data_offsets":[16,20]},"other":{"dtype":"F32","shape":[0],"data_offsets":[20,20]}}"#,
      20, "tensor other belongs to no layer"
    ),
  ]) func hostileHeaders(_ header: String, _ dataCount: Int, _ reason: String) throws {
    try withTemporaryDirectory { folder in
      let path = folder + "/model.safetensors"
      let length = header.utf8.count
      try AtomicFile.write(
        (0..<8).map { UInt8(truncatingIfNeeded: length >> (8 * $0)) } + Array(header.utf8)
          + [UInt8](repeating: 0, count: dataCount),
        to: path)
      #expect(throws: InputError(file: path, reason)) { try Model(contentsOf: path) }
    }
  }

  @Test func hugeHeaderLengths() throws {
    try withTemporaryDirectory { folder in
      let path = folder + "/model.safetensors"
      for length in [UInt64.max, 1 << 63, 1 << 40, 3] {
        try AtomicFile.write(
          (0..<8).map { UInt8(truncatingIfNeeded: length >> (8 * $0)) } + [0x7B, 0x7D], to: path)
        #expect(
          throws: InputError(
            file: path, "not a whole safetensors file: a header of \(length) bytes in a file of 10")
        ) { try Model(contentsOf: path) }
      }
      try AtomicFile.write(
        [UInt8](repeating: 0, count: 8).enumerated().map { $0.offset == 2 ? 1 : 0 }
          + [UInt8](repeating: UInt8(ascii: "["), count: 1 << 16), to: path)
      expectRefusal(path, "a header nested 65,536 deep")
    }
  }

  @Test(arguments: [Float.nan, .infinity, -.infinity]) func valuesThatAreNoNumbers(_ value: Float) throws {
    try withTemporaryDirectory { folder in
      let path = folder + "/model.safetensors"
      var network = Self.network
      network.parameters[24] = value
      let reason = "tensor conv1d.bias holds values that are not numbers"
      #expect(throws: InputError(file: path, "is not written: \(reason)")) {
        try Model(network).write(to: path)
      }
      #expect(!FileManager.default.fileExists(atPath: path))
      // The same numbers in a file of another program.
      try Model(Self.network).write(to: path)
      var bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
      let place = bytes.count - 4 * (Self.network.parameters.count - 24)
      withUnsafeBytes(of: value.bitPattern.littleEndian) {
        bytes.replaceSubrange(place..<place + 4, with: $0)
      }
      try AtomicFile.write(bytes, to: path)
      #expect(throws: InputError(file: path, reason)) { try Model(contentsOf: path) }
    }
  }

  @Test func missingFilesAndFolders() throws {
    try withTemporaryDirectory { folder in
      #expect(throws: InputError(file: folder + "/none", "no such file")) {
        try Model(contentsOf: folder + "/none")
      }
      #expect(throws: InputError(file: folder, "is a folder, not a model")) {
        try Model(contentsOf: folder)
      }
    }
  }

  private func expectRefusal(_ path: String, _ what: String) {
    #expect("\(what)") { try Model(contentsOf: path) } throws: { ($0 as? InputError)?.file == path }
  }
}
