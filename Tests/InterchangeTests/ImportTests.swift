import Arrays
import Foundation
import Interchange
import NeuralNetworks
import Runtime
import Sequences
import TestSupport
import Testing

/// Files that Keras, PyTorch and ONNX wrote (`Golden/networks.py`), with the outputs that these programs, or numpy, computed.
@Suite struct ImportTests {
  static func golden(_ name: String) -> String {
    URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Golden/" + name).path
  }

  struct Case: CustomTestStringConvertible, Sendable {
    var file: String
    var check: String
    var architecture: String?
    var recipe: TorchRecipe?
    var length: Int?
    var bases = "ACGT"
    var isChannelsFirst = true
    var testDescription: String { file }

    func read() throws -> ImportedModel {
      try ModelImport.read(
        golden(file),
        options: ImportOptions(
          architecture: architecture.map(golden), recipe: recipe, length: length, bases: bases,
          isChannelsFirst: isChannelsFirst))
    }
  }

  static let cases = [
    Case(file: "keras3.keras", check: "keras3"), Case(file: "keras3.h5", check: "keras3"),
    Case(file: "keras3.weights.h5", check: "keras3", architecture: "keras3.json"),
    Case(file: "heads.keras", check: "heads"),
    Case(file: "keras2.h5", check: "keras2"),
    Case(file: "keras0.weights.h5", check: "keras0", architecture: "keras0.json"),
    Case(file: "module.pt", check: "torch"),
    Case(file: "state.pth", check: "torch", architecture: "torch.json"),
    Case(file: "state_legacy.pth", check: "torch", architecture: "torch.json"),
    Case(file: "lightning.ckpt", check: "torch", architecture: "torch.json"),
    Case(file: "explainn.pth", check: "explainn", recipe: .explainn),
    Case(file: "explainn.pth", check: "explainn"),
    Case(file: "tensorflow.onnx", check: "tensorflow"),
    Case(file: "deepbind.txt", check: "deepbind"),
    Case(file: "deepbind_hidden.txt", check: "deepbind_hidden"),
    Case(file: "excitation.keras", check: "excitation"), Case(file: "excitation.onnx", check: "excitation"),
    Case(file: "recurrent.pth", check: "recurrent", architecture: "recurrent.json"),
    Case(file: "recurrent.safetensors", check: "recurrent", architecture: "recurrent.json"),
    Case(file: "by_name.safetensors", check: "by_name", architecture: "by_name.json", isChannelsFirst: false),
    Case(file: "functions.pt", check: "functions", length: 53), Case(file: "strands.onnx", check: "strands"),
    Case(file: "parts.onnx", check: "parts"), Case(file: "merged.keras", check: "merged"),
    Case(file: "turned.keras", check: "turned"), Case(file: "keras1.h5", check: "keras1"),
    Case(file: "keras2_nested.h5", check: "keras2_nested"),
    Case(file: "keras2_nested.keras", check: "keras2_nested"),
    Case(file: "keras2_column.h5", check: "keras2_column"),
    Case(file: "keras2_column.keras", check: "keras2_column"),
    Case(file: "tf2onnx_steps.onnx", check: "tf2onnx_steps"),
    Case(file: "calls.keras", check: "calls"), Case(file: "picture.keras", check: "picture"),
    Case(file: "calls2.h5", check: "calls2"),
    Case(file: "groups.pt", check: "groups", length: 40), Case(file: "groups12.onnx", check: "groups"),
    Case(file: "groups20.onnx", check: "groups"), Case(file: "external.onnx", check: "groups"),
    Case(file: "parametrized.pth", check: "parametrized", architecture: "parametrized.json"),
    Case(file: "parametrized_hooks.pth", check: "parametrized", architecture: "parametrized.json"),
    Case(file: "double.safetensors", check: "parametrized", architecture: "parametrized.json"),
    Case(file: "half.safetensors", check: "half", architecture: "parametrized.json"),
    Case(file: "rows.onnx", check: "rows"), Case(file: "bounded.onnx", check: "rows"),
    Case(file: "plain.keras", check: "plain_keras"), Case(file: "plain.h5", check: "plain_keras"),
    Case(file: "plain.onnx", check: "plain_onnx"),
    Case(file: "successive.keras", check: "successive"), Case(file: "row.keras", check: "row"),
    Case(file: "numbers.h5", check: "numbers", bases: "NACGT"),
    Case(file: "positions.onnx", check: "positions"), Case(file: "positions_dynamo.onnx", check: "positions"),
    Case(file: "branches.onnx", check: "branches"), Case(file: "branches_dynamo.onnx", check: "branches"),
    Case(file: "groups_of_features.onnx", check: "groups_of_features"),
    Case(file: "attention.keras", check: "attention"),
    Case(file: "maxima.pt", check: "maxima", length: 24), Case(file: "maxima.onnx", check: "maxima"),
    Case(file: "rows_of_bases.pt", check: "rows_of_bases", length: 48),
    Case(file: "rows_of_bases.pth", check: "rows_of_bases", architecture: "rows_of_bases.json"),
    Case(file: "rows_of_bases.onnx", check: "rows_of_bases"),
    Case(file: "columns_of_bases.pth", check: "columns_of_bases", architecture: "columns_of_bases.json"),
    Case(file: "columns_of_bases.onnx", check: "columns_of_bases"),
    Case(file: "mixed_positions.pt", check: "mixed_positions"),
    Case(file: "mixed_positions_compiled.pt", check: "mixed_positions"),
    Case(file: "mixed_positions_averaged.pt", check: "mixed_positions"),
    Case(file: "mixed_positions.onnx", check: "mixed_positions"),
    Case(file: "divisor.pt", check: "divisor", length: 16),
    Case(file: "used_again.onnx", check: "used_again"),
    Case(file: "chrombpnet.pth", check: "chrombpnet", length: 1250),
    Case(file: "channels_first.keras", check: "channels_first"),
    Case(file: "options.keras", check: "options"),
    Case(file: "both_inputs.keras", check: "both_inputs"), Case(file: "both_inputs.h5", check: "both_inputs"),
    Case(file: "both_inputs_mean.onnx", check: "both_inputs_mean"),
    Case(file: "profiles.onnx", check: "profiles"),
    Case(file: "steps.onnx", check: "steps"), Case(file: "powers.keras", check: "powers"),
    Case(file: "padded_below_zero.pt", check: "padded_below_zero", length: 40),
    Case(file: "copied.onnx", check: "copied"),
  ]

  @Test(arguments: cases)
  func outputsAreTheOtherProgram(_ file: Case) throws {
    let check = try ImportCheck(npz: Self.golden(file.check + ".npz"), bases: file.bases)
    #expect(try check.agreement(with: file.read()).difference < 2e-6)
  }

  /// Unknown bases as a quarter of each: in the weights, after a convolution or with positions flattened either way.
  @Test func quartersOfUnknownBases() throws {
    let sequences = Networks.sequences(20, length: 30)
    let plain = try ModelImport.read(Self.golden("keras2.h5"))
    let quarter = try ModelImport.read(Self.golden("keras2.h5"), options: ImportOptions(unknownBase: 0.25))
    #expect(quarter.unknownBase == 0.25)
    // Known bases count the same; unknown ones do not.
    let known = SequenceSet(codes: sequences.codes.map { $0 % 4 }, starts: sequences.starts)
    let differences = { (set: SequenceSet) in
      try zip(plain.network.logits(of: set), quarter.network.logits(of: set)).map { abs($0 - $1) }.max() ?? 0
    }
    #expect(try differences(known) < 1e-5)
    #expect(try differences(sequences) > 1e-3)
    // Zeros beyond the ends cannot be told from unknown bases any more.
    let error = try #require(throws: InputError.self) {
      try ModelImport.read(Self.golden("keras3.h5"), options: ImportOptions(unknownBase: 0.25))
    }
    #expect(error.reason.contains("unknown bases as 0.25"))
  }

  /// Means over both strands are the same for a sequence and its reverse complement, and lie between the network's own.
  @Test func meansOverStrands() throws {
    let sequences = Networks.sequences(12, length: 30)
    let other = SequenceSet(
      codes: (0..<sequences.count).flatMap { Nucleotide.reverseComplement(Array(sequences[$0])) },
      starts: sequences.starts)
    let plain = try ModelImport.read(Self.golden("keras2.h5"))
    let averaged = try ModelImport.read(
      Self.golden("keras2.h5"), options: ImportOptions(averagesStrands: true))
    let forward = try plain.predictions(of: sequences)[0]
    let backward = try plain.predictions(of: other)[0]
    for set in [sequences, other] {
      let means = try averaged.predictions(of: set)[0]
      for (mean, strands) in zip(means, zip(forward, backward)) {
        #expect(abs(mean - (strands.0 + strands.1) / 2) < 1e-6)
      }
    }
  }

  /// Where names do not say which of two layers is meant, nothing is guessed.
  @Test func tensorsByName() throws {
    try withTemporaryDirectory { folder in
      let text = try String(contentsOfFile: Self.golden("by_name.json"), encoding: .utf8)
      let path = folder + "/unnamed.json"
      try text.replacing("\"name\": \"another\", ", with: "").write(
        toFile: path, atomically: true, encoding: .utf8)
      let error = try #require(throws: InputError.self) {
        try ModelImport.read(
          Self.golden("by_name.safetensors"), options: ImportOptions(architecture: path))
      }
      #expect(error.reason.hasPrefix("another and zoom both fit layer "), "\(error.reason)")
    }
  }

  @Test func theSecondStrandIsSaid() throws {
    let source = try ModelImport.read(Self.golden("both_inputs.keras")).source
    #expect(source.hasPrefix("Keras 3, input "))
    #expect(source.contains(" as the reverse complement of "))
  }

  @Test func ownModelsNeedNoImport() throws {
    try withTemporaryDirectory { folder in
      let path = folder + "/own.safetensors"
      try ModelImport.read(Self.golden("keras2.h5")).model(name: "own").write(to: path)
      #expect(
        throws: InputError(file: path, "is a model of MotifKit, which every command takes as it is")
      ) { try ModelImport.read(path) }
    }
  }

  /// The check itself sees a difference.
  @Test func anotherNetworkIsTold() throws {
    var network = try ModelImport.read(Self.golden("keras2.h5"))
    #expect(network.outputs.map(\.name) == ["dense_9"] && network.outputs.map(\.link) == [.sigmoid])
    #expect(network.objective == .binary)
    let check = try ImportCheck(npz: Self.golden("keras2.npz"))
    network = ImportedModel(
      network: try Networks.network(network.network.architecture.layers, length: 30),
      outputs: network.outputs,
      source: network.source)
    #expect(try !check.agreement(with: network).isSame)
    #expect(throws: InputError.self) {
      try ImportCheck(npz: Self.golden("keras3.npz")).agreement(with: network)
    }
  }

  /// A changed output is found, be it a little off or so large that others' differences are rounding.
  @Test func largeOutputs() throws {
    let model = try ModelImport.read(Self.golden("keras2.h5"))
    let arrays = try NPZFile.read(path: Self.golden("keras2.npz"))
    let (x, y) = try (#require(arrays["x"]), #require(arrays["y"]))
    let outputs = try #require(y.floats)
    func agreement(plus shift: Float, at place: Int) throws -> ImportCheck.Agreement {
      var values = outputs
      values[place] += shift
      let path = FileManager.default.temporaryDirectory.path + "/\(UUID()).npz"
      defer { try? FileManager.default.removeItem(atPath: path) }
      try NPZFile.write(
        [NamedArray("x", x), NamedArray("y", TypedArray(.float32(values), shape: y.shape))], to: path)
      return try ImportCheck(npz: path).agreement(with: model)
    }
    let small = try agreement(plus: 2e-4, at: 0)
    #expect(!small.isSame && small.relative == small.difference)
    // One output of a million makes the same difference elsewhere rounding, but not itself.
    let large = try agreement(plus: 1e6, at: 0)
    #expect(!large.isSame && abs(large.difference - 1e6) < 10 && abs(large.relative - 1) < 1e-4)
  }

  /// What differs by more than 1e-4 is another network, unless numbers are so large that rounding does as much.
  @Test(arguments: [
    (50, 5e-5, true), (50, 2e-4, false), (1000, 5e-4, true), (1000, 2e-3, false), (Float.infinity, 0, false),
  ]) func tolerance(largest: Float, difference: Float, isSame: Bool) {
    var agreement = ImportCheck.Agreement()
    agreement.add([0, 0], expected: [0, 0])
    agreement.add([difference, largest], expected: [0, largest])
    #expect(agreement.isSame == isSame)
  }

  /// A network takes the length of the data, where that is not its own or the least it could have.
  @Test func lengthOfData() throws {
    #expect(try ModelImport.read(Self.golden("functions.pt")).network.architecture.input.length == 49)
    let model = try ModelImport.read(
      Self.golden("functions.pt"), options: ImportOptions(lengthOfData: { 53 }))
    #expect(model.network.architecture.input.length == 53)
    #expect(
      try ImportCheck(npz: Self.golden("functions.npz")).agreement(with: model).difference < 2e-6)
    // DeepBind's windows too.
    let deepbind = try ModelImport.read(
      Self.golden("deepbind.txt"), options: ImportOptions(lengthOfData: { 40 }))
    #expect(deepbind.network.architecture.input.length == 40)
    // A length that does not fit is that of other data.
    let other = try ModelImport.read(Self.golden("functions.pt"), options: ImportOptions(lengthOfData: { 7 }))
    #expect(other.network.architecture.input.length == 49)
  }

  /// DeepBind's text as editors leave it; a parameter for a second time is an error.
  @Test func textsOfDeepBind() throws {
    let text = try String(contentsOfFile: Self.golden("deepbind.txt"), encoding: .utf8)
    let check = try ImportCheck(npz: Self.golden("deepbind.npz"))
    let lines = text.split(separator: "\n").map(String.init)
    for variant in [
      text.replacing("\n", with: "\r\n"), "\u{FEFF}" + text, "\n\n" + text.replacing("\n", with: "\n\n"),
      lines.filter { !$0.hasPrefix("#") }.joined(separator: "\n"),
      text.replacing(" = ", with: "=").replacing(",", with: " , "),
    ] {
      let model = try ModelImport.read(Array(variant.utf8), file: "d.txt")
      #expect(try check.agreement(with: model).isSame)
    }
    let error = try #require(throws: InputError.self) {
      try ModelImport.read(Array((text + "\nnum_hidden = 0\n").utf8), file: "d.txt")
    }
    #expect(error.reason.contains("num_hidden for a second time"))
  }

  /// What would be read as something else: directions with other gates, numbers that may be N.
  @Test func whatIsAmbiguousIsRefused() throws {
    for (file, part) in [
      ("directions.keras", "directions that differ in more than their weights"),
      ("numbers.h5", "say which with --format-of-bases"),
      (
        "over_positions.pt",
        "layer 1 (Softmax): over positions; layer 2 (GLU): over positions; layer 3 (Softmin): over positions; layer 4 (LogSoftmax): its axis"
      ),
      ("idle_axis.pt", "layer 1 (Conv2d): more than one axis"),
      ("square.pt", "of which either may be the bases"), ("beside_bases.pt", "zeros beside the bases"),
      ("several_axes.onnx", "over several axes"), ("offsets.keras", "a scale or offset for each channel"),
      ("quantized.keras", "quantized weights"),
      ("own_class.pt", "layer 1 (GELU); layer 2 (Softplus)"),
      ("both_inputs_joined.keras", " of 40 × 4: more than the sequence"),
      ("rounded.onnx", "its places"), ("shifted.onnx", "its places"),
    ] {
      let error = try #require(throws: InputError.self) { try ModelImport.read(Self.golden(file)) }
      #expect(error.reason.contains(part))
    }
  }

  @Test func whatIsMissingIsNamedAtOnce() throws {
    let error = try #require(throws: InputError.self) { try ModelImport.read(Self.golden("refused.h5")) }
    #expect(error.file == Self.golden("refused.h5"))
    for part in [
      "layer unit (UnitNormalization)", "layer twice (Lambda): a Python function",
    ] { #expect(error.reason.contains(part)) }
    #expect(!error.reason.contains("top") && !error.description.contains("\n"))
    let attention = try #require(throws: InputError.self) {
      try ModelImport.read(Self.golden("attention_steps.onnx"))
    }
    for part in ["(MatMul): a product of two tensors", "(Log)"] { #expect(attention.reason.contains(part)) }
  }

  /// Numbers in a file beside the network are read from nowhere else.
  @Test func numbersInAnotherFile() throws {
    let bytes = try WholeFile.bytes(Self.golden("external.onnx"))
    let data = try WholeFile.bytes(Self.golden("external.data"))
    let name = Array("external.data".utf8)
    func replaced(_ other: String) -> [UInt8] {
      var result = bytes
      for place in bytes.indices where bytes[place...].starts(with: name) {
        result.replaceSubrange(place..<place + name.count, with: other.utf8)
      }
      return result
    }
    try withTemporaryDirectory { folder in
      let file = folder + "/external.onnx"
      func reason(_ bytes: [UInt8]) throws -> String {
        try #require(throws: InputError.self) { try ModelImport.read(bytes, file: file) }.reason
      }
      #expect(try reason(bytes).contains("external.data, which is not beside it"))
      #expect(try reason(replaced("../rnal.data/")).contains("in a file that is not beside it"))
      #expect(try reason(replaced("/etc/hostname")).contains("in a file that is not beside it"))
      try Data(data.dropLast(data.count / 2)).write(to: URL(fileURLWithPath: folder + "/external.data"))
      #expect(try reason(bytes).contains("lies outside external.data"))
    }
  }

  @Test func filesThatNeedMoreSaySo() throws {
    let reasons = [
      ("keras3.weights.h5", "--architecture"), ("state.pth", "--recipe"),
      ("networks.py", "none of the model files"), ("states.onnx", "a state of another size than its units"),
    ]
    for (file, part) in reasons {
      let error = try #require(throws: InputError.self) { try ModelImport.read(Self.golden(file)) }
      #expect(error.reason.contains(part))
    }
  }

  /// Faults of an architecture beside the weights are told of its own file.
  @Test func namesTheFileThatDescribesTheLayers() throws {
    let golden = try String(contentsOfFile: Self.golden("keras3.json"), encoding: .utf8)
    let damages = [
      ("\"layers\"", "\"lairs\""), ("\"Conv1D\"", "\"Conv9D\""), ("[null, 40, 4]", "[null, 40, 5]"),
      ("\"rate\": 0.3", "\"rate\": 1.3"),
      ("\"class_name\": \"Functional\"", "\"class_name\": \"Fun\""),
    ]
    try withTemporaryDirectory { folder in
      let path = folder + "/architecture.json"
      for (part, damaged) in damages {
        #expect(golden.contains(part))
        try golden.replacingOccurrences(of: part, with: damaged)
          .write(toFile: path, atomically: true, encoding: .utf8)
        let error = try #require(throws: InputError.self) {
          try ModelImport.read(
            Self.golden("keras3.weights.h5"), options: ImportOptions(architecture: path))
        }
        #expect(error.file == path, "\(error)")
      }
    }
  }

  /// Keras's names stay; two heads on the same features become one layer with the outputs of both.
  @Test func namesAndHeads() throws {
    let heads = try ModelImport.read(Self.golden("heads.keras"))
    #expect(heads.outputs.map(\.name) == ["developmental", "housekeeping"])
    #expect(heads.outputs.map(\.range) == [0..<1, 1..<3])
    #expect(heads.network.architecture.outputs.count == 1)
    #expect(heads.objective.outputs == ["developmental", "housekeeping_1", "housekeeping_2"])
    let nested = try ModelImport.read(Self.golden("keras3.h5")).network.architecture
    #expect(nested.names.contains("trunk/motifs") && nested.names.contains("dilated"))
    #expect(nested.outputs.map(\.range.count) == [35, 2])
    let heads3 = try ModelImport.read(Self.golden("keras3.h5")).objective.heads
    #expect(heads3.map(\.name) == ["profile", "kind"])
    #expect(heads3.map(\.loss) == [.multinomial, .categoricalCrossEntropy])
  }

  /// Bases in another order: the same network on columns that are shuffled.
  @Test func otherOrdersOfBases() throws {
    let plain = try ModelImport.read(Self.golden("keras2.h5"))
    let shuffled = try ModelImport.read(Self.golden("keras2.h5"), options: ImportOptions(bases: "AGCT"))
    let sequences = Networks.sequences(10, length: 30)
    var swapped = sequences
    swapped = .init(
      codes: sequences.codes.map { [0, 2, 1, 3, 4][Int($0)] }, starts: (0...10).map { $0 * 30 })
    #expect(try shuffled.network.logits(of: sequences) == plain.network.logits(of: swapped))
    #expect(try shuffled.network.logits(of: sequences) != plain.network.logits(of: sequences))
  }

  @Test(arguments: cases)
  func damagedFilesAreRefused(_ file: Case) throws {
    var mutator = ByteMutator(seeds: [try WholeFile.bytes(Self.golden(file.file))], seed: 7)
    let options = ImportOptions(architecture: file.architecture.map(Self.golden), recipe: file.recipe)
    for _ in 0..<(file.file.contains("keras") ? 15 : 60) {
      do { _ = try ModelImport.read(mutator.next(), file: "x", options: options) } catch let error
        as InputError
      {
        #expect(!error.reason.isEmpty && !error.description.contains("\n"))
      }
    }
  }
}
