import Interpretation
import NeuralNetworks
import Runtime
import Sequences
import Testing

@Suite struct ClassActivationTests {
  struct Case: Sendable, CustomStringConvertible {
    let layer: Int
    let method: ClassActivationMethod
    let total: Double
    let picks: [Double]
    var description: String { "\(method.rawValue) of layer \(layer)" }
  }

  /// Golden/attributions.py
  static let cases = [
    Case(
      layer: 0, method: .gradCAM, total: 0.016217033,
      picks: [
        4.1648163e-06, 0.00016746833, 0.00039316926, 0.00036400676, -0.00010080016, 0.00022531887,
        7.5225274e-05, 0.00062859355, -3.900849e-05, 0.00025204878, -1.4297748e-05, 0.00023057743,
      ]),
    Case(
      layer: 0, method: .hiResCAM, total: 0.45650639,
      picks: [
        0, -0.020534597, -0.019568887, 0, 0.0080539286, 0.0074991332, 0, 0, -0.0055173659, 0.0010174109,
        -0.00081945793, 0,
      ]),
    Case(
      layer: 0, method: .gradCAMPlusPlus, total: 5.6402825,
      picks: [
        0.13327719, 0.14455593, 0.02156098, 0.019961741, 0.025046298, 0.045315333, 0.081055142, 0.022820571,
        0.10189884, 0.021576418, 0.019665595, 0.098606408,
      ]),
    Case(
      layer: 2, method: .gradCAM, total: 0.026042455,
      picks: [
        -1.905488e-05, 0.00013217551, -0.00011943353, -0.0011609407, 0.0012484742, 0.00089210452,
        -0.00068661413, 0.0012248784, 0, 0, -3.7677702e-05, 0.0028961215, -0.0011140851, 0.00057894166,
        -0.0020624837,
      ]),
    Case(
      layer: 2, method: .hiResCAM, total: 0.13410137,
      picks: [0, 0, 0, 0.0089657856, 0, 0, 0, 0, 0, 0, 0, 0.033182628, 0, 0, -0.020624839]),
    Case(
      layer: 2, method: .gradCAMPlusPlus, total: 0.14493972,
      picks: [
        0, 0.00063239713, 0, 0.0044527878, 0.0059733568, 0.004376092, 0, 0.0060084667, 0, 0, 0.0093676709,
        0.016069816, 0, 0.0028037219, 0,
      ]),
  ]

  @Test(arguments: cases) func agreesWithPyTorch(_ golden: Case) throws {
    let maps = try GoldenAttribution.network().classActivationMaps(
      golden.method, of: GoldenAttribution.sequences, layer: golden.layer, isRectified: false)
    #expect(GoldenAttribution.agrees(maps.units, total: golden.total, picks: golden.picks))
    let rectified = try GoldenAttribution.network().classActivationMaps(
      golden.method, of: GoldenAttribution.sequences, layer: golden.layer)
    #expect(rectified.units == maps.units.map { max($0, 0) })
    #expect(rectified.values.count == 90)
  }

  /// A unit sees the bases whose change can change it, no others.
  @Test(arguments: [0, 1, 2]) func receptiveFieldIsWhatMatters(_ number: Int) throws {
    let stacks: [[Layer]] = [
      Array(Preset.v4.layers.prefix(7)),
      [
        .convolution1D(Convolution1D(filters: 4, kernelSize: 4, stride: 2, padding: .same)),
        .averagePooling1D(AveragePooling1D(3, stride: 2)),
        .convolution1D(Convolution1D(filters: 3, kernelSize: 3, dilation: 2)),
      ],
      [
        .convolution1D(Convolution1D(filters: 4, kernelSize: 5, padding: .same)), .dropout(Dropout(0.5)),
        .maxPooling1D(MaxPooling1D(2)),
        .convolution1D(Convolution1D(filters: 3, kernelSize: 2, padding: .same, dilation: 3)),
      ],
    ]
    // No rectifier and only positive weights, so that every base in the field counts, through maxima too.
    let layers = stacks[number].map { layer -> Layer in
      guard case .convolution1D(var convolution) = layer.kind else { return layer }
      convolution.activation = .linear
      return .convolution1D(convolution)
    }
    let architecture = try Architecture(input: .dna(length: 60), layers: layers)
    let parameters = Network(architecture: architecture, seed: 3).parameters.map { abs($0) + 0.1 }
    let network = Network(architecture: architecture, parameters: parameters)
    let last = layers.count - 1
    let shape = architecture.shapes[last]
    let field = try #require(architecture.receptiveField(of: last))
    // All positions large but one: maxima cannot hide a larger value.
    let values = network.trace(
      count: 61,
      input: { item, values in
        values = Array(repeating: 0, count: 240)
        if item < 60 { values[4 * item] = 1000 }
      }
    ) { trace, indices in trace.output(layer: last) }.flatMap { $0 }
    for unit in 0..<shape.length {
      let seen = (0..<60).filter { base in
        (0..<shape.channels).contains { channel in
          let place = unit * shape.channels + channel
          return values[base * shape.count + place] != values[60 * shape.count + place]
        }
      }
      let bases = field.bases(of: unit, length: 60)
      #expect(seen.allSatisfy(bases.contains))
      // Padding may hide an end of those that reach beyond the sequence.
      if bases.count == field.size {
        #expect(seen.first == bases.lowerBound && seen.last == bases.upperBound - 1)
      }
    }
    #expect(architecture.receptiveField(of: 0)?.stride == (number == 1 ? 2 : 1))
  }

  @Test func presetsHaveKnownFields() throws {
    let v5 = try Preset.v5.architecture(length: 100)
    // 12; pool, 6: 12 + 1 + 5·2; pool, 3: + 2 + 2·4; pool, 2: + 4 + 8.
    #expect(v5.convolutions.map { v5.receptiveField(of: $0)?.size } == [12, 23, 33, 45])
    #expect(v5.convolutions.map { v5.receptiveField(of: $0)?.stride } == [1, 2, 4, 8])
    #expect(v5.convolutions.map { v5.receptiveField(of: $0)?.center } == [5.5, 11, 16, 22])
    #expect(v5.receptiveField(of: v5.layers.count - 1) == nil)
  }

  @Test func interpolationIsLinearBetweenCenters() {
    let field = ReceptiveField(size: 6, stride: 4, center: 2.5)
    let values = field.interpolated([0, 4, 2], length: 14)
    #expect(values == [0, 0, 0, 0.5, 1.5, 2.5, 3.5, 3.75, 3.25, 2.75, 2.25, 2, 2, 2])
  }

  @Test func agreementWithSites() throws {
    let perfect = try #require(
      SiteAgreement(values: [0, 0, 3, 1, 0, 0, 9, 9, 9, 9, 9, 9], length: 6, sites: [2..<4, nil]))
    #expect(perfect == (try #require(SiteAgreement(values: [0, 0, 3, 1, 0, 0], length: 6, sites: [2..<4]))))
    #expect(perfect.share == 1 && perfect.auroc == 1 && perfect.sequences == 1)
    #expect(abs(perfect.expectedShare - 1.0 / 3) < 1e-12)
    let none = try #require(SiteAgreement(values: [1, 1, 1, 1, 1, 1], length: 6, sites: [0..<3]))
    #expect(none.share == 0.5 && none.auroc == 0.5)
    let wrong = try #require(SiteAgreement(values: [2, 1, 0, -5, 0, 1], length: 6, sites: [2..<4]))
    #expect(wrong.share == 0 && wrong.auroc == 0.5 / 8)
    #expect(SiteAgreement(values: [1, 2], length: 2, sites: [nil]) == nil)
  }

  /// Convolutions after pooling over all positions stand for dense layers and have no maps.
  @Test func lastConvolutionWithPositions() throws {
    let network = Network(architecture: try Preset.deepbind.architecture(length: 40))
    let maps = try network.classActivationMaps(of: randomSequences(3, length: 40))
    #expect(maps.layer == 0 && maps.values.count == 120)
    #expect(throws: InputError.self) {
      try network.classActivationMaps(of: randomSequences(3, length: 40), layer: 3)
    }
  }

  @Test func wrongInputIsRefused() throws {
    let network = try GoldenAttribution.network()
    #expect(throws: InputError.self) {
      try network.classActivationMaps(of: GoldenAttribution.sequences, layer: 1)
    }
    #expect(throws: InputError.self) {
      try network.classActivationMaps(of: GoldenAttribution.sequences, layer: 9)
    }
    #expect(throws: InputError.self) {
      try network.classActivationMaps(of: GoldenAttribution.sequences, output: 2)
    }
  }
}
