import Foundation
import NeuralNetworks
import Runtime
import Sequences
import Testing

@Suite struct ArchitectureTests {
  @Test(arguments: zip([Preset.v1, .v2, .v3, .v4, .v5], [1665, 3201, 15489, 17025, 17281]))
  func parameterCounts(_ preset: Preset, _ count: Int) throws {
    #expect(try preset.architecture(length: 100).parameterCount == count)
  }

  /// Published shapes: DeepSTARR's flattened features are 1,800, Basset's 2,000.
  @Test(arguments: [
    (Preset.deepbind, 101, 1, 2129, 2129, 32), (.zeng2016, 101, 1, 2129, 2129, 16),
    (.basset, 600, 164, 4_135_064 + 5400, 4_135_064, 2000), (.deepstarr, 249, 2, 624_738, 622_722, 1800),
  ])
  func publishedNetworks(
    _ preset: Preset, _ length: Int, _ outputs: Int, _ count: Int, _ trainable: Int, _ features: Int
  ) throws {
    let architecture = try preset.architecture(length: length, outputs: outputs)
    #expect(architecture.parameterCount == count)
    #expect(architecture.trainableParameterCount == trainable)
    #expect(architecture.shapes.contains(.features(features)))
    #expect(architecture.shapes.last == .features(outputs))
  }

  /// Of DeepSEA and DanQ the numbers that their Keras models have; of the others, counted from the papers' layers.
  @Test(arguments: [
    (Preset.deepsea, 1000, 919, 52_843_119, 919), (.danq, 1000, 919, 46_926_479, 919),
    (.explainn, 200, 3, 7700 + 200 + 270_000 + 20_000 + 10_100 + 200 + 303 + 20_400, 3),
    (.deeperbind, 35, 1, 225 + 4320 + 4080 + 21, 1), (.bpnet, 1000, 2, 6464 + 9 * 12_352 + 3202 + 130, 2002),
    (.chrombpnet, 2114, 1, 6_377_986, 1001),
  ])
  func laterNetworks(_ preset: Preset, _ length: Int, _ outputs: Int, _ count: Int, _ numbers: Int) throws {
    let architecture = try preset.architecture(length: length, outputs: outputs)
    #expect(architecture.parameterCount == count)
    #expect(architecture.outputCount == numbers)
    #expect(architecture.outputs.map(\.name) == (preset.outputNames ?? [architecture.names.last!]))
  }

  @Test func summaryOfRunningStatistics() throws {
    let text = try Preset.deepstarr.architecture(length: 249, outputs: 2).summary()
    #expect(
      text.hasSuffix(
        " Total params: 624,738\n Trainable params: 622,722\n Non-trainable params: 2,016"))
  }

  @Test func summary() throws {
    let expected = """
      Model: "sequential"
      ┌───────────────────────────────────────────┬──────────────────┬──────────────────┐
      │ Layer (type)                              │ Output Shape     │          Param # │
      ├───────────────────────────────────────────┼──────────────────┼──────────────────┤
      │ conv1d (Conv1D)                           │ (None, 89, 64)   │            3,136 │
      │ max_pooling1d (MaxPooling1D)              │ (None, 44, 64)   │                0 │
      │ dropout (Dropout)                         │ (None, 44, 64)   │                0 │
      │ conv1d_1 (Conv1D)                         │ (None, 39, 32)   │           12,320 │
      │ global_max_pooling1d (GlobalMaxPooling1D) │ (None, 32)       │                0 │
      │ dense (Dense)                             │ (None, 1)        │               33 │
      └───────────────────────────────────────────┴──────────────────┴──────────────────┘
       Total params: 15,489
       Trainable params: 15,489
       Non-trainable params: 0
      """
    #expect(try Preset.v3.architecture(length: 100).summary() == expected)
  }

  @Test(arguments: layerCases + engineCases) func roundTrip(_ test: NetworkCase) throws {
    let json = test.architecture.json()
    #expect(try Architecture(json: Data(json.utf8), file: "network.json") == test.architecture)
    let pretty = test.architecture.json(pretty: true)
    #expect(try Architecture(json: Data(pretty.utf8), file: "network.json") == test.architecture)
  }

  /// Layers without names get none that another has.
  @Test func namesThatAreTaken() throws {
    let convolution = Layer(Convolution1D(filters: 2, kernelSize: 3))
    let layers: [Layer] = [
      convolution, convolution.named("conv1d_1"), convolution, convolution.named("conv1d"),
    ]
    let architecture = try Architecture(input: .dna(length: 20), layers: layers)
    #expect(architecture.names == ["conv1d_2", "conv1d_1", "conv1d_3", "conv1d"])
    #expect(
      try Architecture(json: Data(architecture.json().utf8), file: "a.json").names == architecture.names)
  }

  @Test func lengthFromTheData() throws {
    let json = Data(#"{"layers": [{"type": "flatten"}, {"type": "dense", "units": 1}]}"#.utf8)
    #expect(try Architecture(json: json, file: "n.json", length: 7).parameterCount == 29)
    #expect(throws: InputError(file: "n.json", "the network has no input length")) {
      try Architecture(json: json, file: "n.json")
    }
  }

  @Test(arguments: [
    ("", "not a network in JSON"),
    ("[", "not a network in JSON"),
    ("[]", "network is not of type Dictionary<String, Any>"),
    (#"{"input": {"length": 9}}"#, "network.layers is missing"),
    (#"{"input": {"length": "x"}, "layers": []}"#, "network.input.length is not of type Int"),
    (#"{"input": {"length": 9}, "layers": []}"#, "a network needs between 1 and 1000 layers, not 0"),
    (#"{"input": {"length": 9}, "layers": [{}]}"#, "network.layers[0].type is missing"),
    (
      #"{"input": {"length": 9}, "layers": [{"type": "flatten"}, {"type": "dense"}]}"#,
      "network.layers[1].units is missing"
    ),
    (
      #"{"input": {"length": -1}, "layers": [{"type": "flatten"}]}"#,
      "a network's input length must be between 1 and 67108864, not -1"
    ),
    (
      #"{"input": {"length": 9}, "layers": [{"type": "dense", "units": 1}]}"#,
      "layer 1 (dense): needs features: put Flatten or a global pooling before it"
    ),
    (
      #"{"input": {"length": 9}, "layers": [{"type": "flatten"}, {"type": "flatten"}, {"type": "maxPooling1D", "size": 2}]}"#,
      "layer 3 (max_pooling1d): needs positions, but the layer before it has none left"
    ),
    (
      #"{"input": {"length": 9}, "layers": [{"type": "convolution1D", "filters": 2, "kernelSize": 10}]}"#,
      "layer 1 (conv1d): a window of 10 does not fit into 9 positions"
    ),
    (
      #"{"input": {"length": 9}, "layers": [{"type": "convolution1D", "filters": 2, "kernelSize": 3, "stride": 0, "padding": "same"}]}"#,
      "layer 1 (conv1d): filters, kernelSize, stride and dilation must be positive and not absurdly large"
    ),
    (
      #"{"input": {"length": 9}, "layers": [{"type": "convolution1D", "filters": 0, "kernelSize": 3}]}"#,
      "layer 1 (conv1d): filters, kernelSize, stride and dilation must be positive and not absurdly large"
    ),
    (
      #"{"input": {"length": 9}, "layers": [{"type": "dropout", "rate": 1}]}"#,
      "layer 1 (dropout): a rate must be at least 0 and below 1"
    ),
    (
      #"{"input": {"length": 9}, "layers": [{"type": "convolution1D", "filters": 4, "kernelSize": 3, "groups": 3}]}"#,
      "layer 1 (conv1d): 3 groups do not divide 4 channels and 4 filters"
    ),
    (
      #"{"input": {"length": 9}, "layers": [{"type": "maxPooling1D", "size": 2}, {"type": "convolution1D", "filters": 4, "kernelSize": 3, "reverseComplement": "maximum"}]}"#,
      "layer 2 (conv1d): only the first layer can score both strands"
    ),
    (
      #"{"input": {"length": 9}, "layers": [{"type": "addition", "layers": 1}]}"#,
      "layer 1 (add): passes 1 layers, but 0 stand before it"
    ),
    (
      #"{"input": {"length": 9}, "layers": [{"type": "convolution1D", "filters": 4, "kernelSize": 3}, {"type": "addition", "layers": 1}]}"#,
      "layer 2 (add): adds (None, 9, 4) to (None, 7, 4); the shapes must be the same"
    ),
    (
      #"{"input": {"length": 9}, "layers": [{"type": "convolution1D", "filters": 4, "kernelSize": 3, "pading": "same"}]}"#,
      #"network.layers[0]: a convolution1D has no "pading"; known are type, name, inputs, filters, kernelSize, stride, padding, dilation, groups, reverseComplement, useBias, activation"#
    ),
    (
      #"{"input": {"length": 9, "channels": 4}, "layers": [{"type": "flatten"}]}"#,
      #"network.input: an input has no "channels"; known are length"#
    ),
    (
      #"{"input": {"length": 9}, "layers": [{"type": "flatten"}], "output": ["x"]}"#,
      #"network: a network has no "output"; known are input, layers, outputs"#
    ),
    (
      #"{"input": {"length": 9}, "layers": [{"type": "flatten", "inputs": ["x"]}]}"#,
      #"layer 1 (flatten): takes "x", but no layer has that name"#
    ),
    (
      #"{"input": {"length": 9}, "layers": [{"type": "flatten", "inputs": ["x"]}, {"type": "softmax", "name": "x"}]}"#,
      #"layer 1 (flatten): takes "x", which does not come before it"#
    ),
    (
      #"{"input": {"length": 9}, "layers": [{"type": "flatten", "inputs": ["input", "input"]}]}"#,
      "layer 1 (flatten): takes one input, not 2"
    ),
    (
      #"{"input": {"length": 9}, "layers": [{"type": "concatenate"}]}"#,
      "layer 1 (concatenate): needs the names of its inputs"
    ),
    (
      #"{"input": {"length": 9}, "layers": [{"type": "concatenate", "inputs": ["input"]}]}"#,
      "layer 1 (concatenate): takes two inputs or more, not 1"
    ),
    (
      #"{"input": {"length": 9}, "layers": [{"type": "flatten"}, {"type": "concatenate", "inputs": ["input", "flatten"]}]}"#,
      "layer 2 (concatenate): cannot put (None, 36) beside (None, 9, 4); the positions must be the same"
    ),
    (
      #"{"input": {"length": 9}, "layers": [{"type": "softmax"}, {"type": "addition", "layers": 1, "inputs": ["input", "softmax"]}]}"#,
      "layer 2 (add): has inputs, so it cannot count layers too"
    ),
    (
      #"{"input": {"length": 9}, "layers": [{"type": "softmax", "name": "a"}, {"type": "flatten", "name": "a"}]}"#,
      #"layer 2 (flatten "a"): there is another "a" before it; names must differ"#
    ),
    (
      #"{"input": {"length": 9}, "layers": [{"type": "softmax", "name": "a b"}]}"#,
      #"layer 1 (softmax "a b"): a name has up to 200 letters, digits and . _ - / :"#
    ),
    (
      #"{"input": {"length": 9}, "layers": [{"type": "softmax"}, {"type": "flatten", "inputs": ["input"]}]}"#,
      "layer 1 (softmax): nothing takes what it gives: name it in a later layer's inputs or in outputs"
    ),
    (
      #"{"input": {"length": 9}, "layers": [{"type": "flatten"}], "outputs": ["dense"]}"#,
      #"there is no layer "dense" to be an output"#
    ),
    (
      #"{"input": {"length": 9}, "layers": [{"type": "flatten"}], "outputs": ["flatten", "flatten"]}"#,
      "an output is named twice"
    ),
    (
      #"{"input": {"length": 9}, "layers": [{"type": "cropping1D", "left": 4, "right": 5}]}"#,
      "layer 1 (cropping1d): takes 4 and 5 positions off 9, which leaves none"
    ),
    (
      #"{"input": {"length": 9}, "layers": [{"type": "zeroPadding1D", "left": -1, "right": 5}]}"#,
      "layer 1 (zero_padding1d): zeros on a side must be from 0 to 1048576"
    ),
    (
      #"{"input": {"length": 9}, "layers": [{"type": "batchNormalization", "momentum": 2}]}"#,
      "layer 1 (batch_normalization): epsilon must be positive and momentum from 0 to 1"
    ),
    (
      #"{"input": {"length": 9000000}, "layers": [{"type": "softmax"}, {"type": "softmax"}]}"#,
      "the layers give 288000000 numbers for one sequence, more than the 268435456 that memory is meant for"
    ),
    (
      #"{"input": {"length": 9000000}, "layers": [{"type": "flatten"}, {"type": "dense", "units": 1000}]}"#,
      "layer 2 (dense): too many parameters"
    ),
    (
      #"{"input": {"length": 9000000}, "layers": [{"type": "convolution1D", "filters": 100, "kernelSize": 1}]}"#,
      "layer 1 (conv1d): too large an output"
    ),
  ]) func errorsNameThePlace(_ json: String, _ reason: String) {
    #expect(throws: InputError(file: "network.json", reason)) {
      try Architecture(json: Data(json.utf8), file: "network.json")
    }
  }

  @Test(arguments: [
    (
      #""type": "attention""#,
      "network.layers[0].type: there is no layer attention; known are convolution1D, "
    ),
    (#""type": "activation", "function": "swish""#, "network.layers[0].function: "),
    (#""type": "dropout", "rate": 1e999"#, "network"),
    (#""type": "dense", "units": 1e30"#, "network"),
  ]) func unknownNamesAndNumbers(_ layer: String, _ place: String) {
    let json = #"{"input": {"length": 9}, "layers": [{"# + layer + "}]}"
    #expect {
      try Architecture(json: Data(json.utf8), file: "network.json")
    } throws: { error in
      ((error as? InputError)?.reason ?? "").contains(place) && (error as? InputError)?.file == "network.json"
    }
  }
}
