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
      try test.network().write(to: path, metadata: ["trained on": "ü \"quoted\"\n"])
      let (network, metadata) = try Network.read(path)
      #expect(network.architecture == test.architecture)
      #expect(network.parameters == test.network().parameters)
      #expect(metadata == ["trained on": "ü \"quoted\"\n", "format": "motifkit"])
    }
  }

  /// A file that Python's safetensors package wrote (`Golden/model.py`), its tensors in another order than ours.
  @Test func readsWhatPythonWrote() throws {
    let (network, metadata) = try Network.read(goldenPath("model.safetensors"))
    #expect(metadata == ["by": "numpy"])
    #expect(network.architecture.layers == Self.network.architecture.layers)
    #expect(network.parameters == (0..<24).map { Float($0) / 8 } + [-1, 1, 0.5, -0.25, 3])
  }

  /// The bytes that Python's safetensors package read back as they were meant.
  @Test func bytesAreThoseThatPythonReads() throws {
    try withTemporaryDirectory { folder in
      let path = folder + "/model.safetensors"
      let network = Network(
        architecture: try Architecture(input: .dna(length: 2), layers: [.flatten, .dense(Dense(1))]),
        parameters: [1, -2, 0.5, 4, 0, 7, 8, 9, 10])
      try network.write(to: path, metadata: ["seed": "1"])
      let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
      let header =
        #"{"__metadata__":{"architecture":"{\"input\":{\"length\":2},\"layers\":[{\"type\":\"flatten\"},"#
        + #"{\"activation\":\"linear\",\"type\":\"dense\",\"units\":1,\"useBias\":true}]}","format":"motifkit","#
        + #""seed":"1"},"dense.kernel":{"data_offsets":[0,32],"dtype":"F32","shape":[8,1]},"#
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
      try Self.network.write(to: path)
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
      try Self.network.write(to: path)
      let whole = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
      let header = 8 + whole[..<2].enumerated().reduce(0) { $0 + Int($1.element) << (8 * $1.offset) }
      for index in 0..<header {
        for value in [UInt8(0), 0x22, 0x39, 0xFF] {
          var bytes = whole
          bytes[index] = value
          try AtomicFile.write(bytes, to: path)
          // Some changes are harmless (a blank, a digit of a rate); none may crash.
          do { _ = try Network(contentsOf: path) } catch {
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
    ("{}", 0, "has no architecture in its metadata, so it is no model of motifkit"),
    ("[]", 0, "not a safetensors file: its header is no JSON object"),
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
      #"{\#(metadata),"dense.kernel":{"dtype":"F64","shape":[4,1],"data_offsets":[0,32]}}"#, 32,
      "tensor dense.kernel is F64; only F32 is read"
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
      #expect(throws: InputError(file: path, reason)) { try Network(contentsOf: path) }
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
        ) { try Network(contentsOf: path) }
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
      try network.write(to: path)
      #expect(throws: InputError(file: path, "tensor conv1d.bias holds values that are no numbers")) {
        try Network(contentsOf: path)
      }
    }
  }

  @Test func missingFilesAndFolders() throws {
    try withTemporaryDirectory { folder in
      #expect(throws: InputError(file: folder + "/none", "no such file")) {
        try Network(contentsOf: folder + "/none")
      }
      #expect(throws: InputError(file: folder, "is a folder, not a model")) {
        try Network(contentsOf: folder)
      }
    }
  }

  private func expectRefusal(_ path: String, _ what: String) {
    #expect("\(what)") { try Network(contentsOf: path) } throws: { ($0 as? InputError)?.file == path }
  }
}
