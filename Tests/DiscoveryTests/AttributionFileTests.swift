import Arrays
import Discovery
import HDF5
import Runtime
import TestSupport
import Testing

@Suite struct AttributionFileTests {
  /// ACGN and TTCA; attributions are the number of sequence, position and base.
  private let oneHot: [UInt8] = [
    1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 1, 0, 0, 0,
    0, 0, 0, 1, 0, 0, 0, 1, 0, 1, 0, 0, 1, 0, 0, 0, 0, 0, 1, 0,
  ]
  private let codes: [UInt8] = [0, 1, 2, 4, 0, 3, 3, 1, 0, 2]
  private var values: [Float] { (0..<40).map(Float.init) }

  private func turned<Number>(_ values: [Number]) -> [Number] {
    (0..<2).flatMap { n in (0..<4).flatMap { b in (0..<5).map { values[(n * 5 + $0) * 4 + b] } } }
  }

  private func check(_ tracks: AttributionTracks) {
    #expect(tracks.codes == codes)
    #expect(tracks.hypothetical == values)
    #expect(tracks.contribution(1, 2) == 29)
    #expect(tracks.contribution(0, 3) == 0)
  }

  @Test func bothOrdersOfAxesAndAllNames() throws {
    try withTemporaryDirectory { folder in
      let wide = TypedArray(.uint8(oneHot), shape: [2, 5, 4])
      let tall = TypedArray(.float64(turned(values).map(Double.init)), shape: [2, 4, 5])
      try NPZFile.write([.init("arr_0", wide)], to: "\(folder)/s.npz")
      try NPZFile.write([.init("arr_0", tall)], to: "\(folder)/a.npz")
      check(try AttributionTracks(sequences: "\(folder)/s.npz", attributions: "\(folder)/a.npz"))
      try NPZFile.write([.init("sequences", wide), .init("attributions", tall)], to: "\(folder)/both.npz")
      check(try AttributionTracks(sequences: "\(folder)/both.npz", attributions: "\(folder)/both.npz"))
      let root = HDF5Group(groups: [
        "raw": HDF5Group(datasets: [
          "seq": HDF5Dataset(TypedArray(.int8(turned(oneHot).map(Int8.init)), shape: [2, 4, 5]))
        ]),
        "shap": HDF5Group(datasets: ["seq": HDF5Dataset(tall)]),
      ])
      try HDF5Writer.write(root, to: "\(folder)/chrombpnet.h5")
      check(
        try AttributionTracks(sequences: "\(folder)/chrombpnet.h5", attributions: "\(folder)/chrombpnet.h5"))
    }
  }

  @Test func whatItWritesItReads() throws {
    try withTemporaryDirectory { folder in
      let tracks = try AttributionTracks(codes: codes, hypothetical: values, length: 5)
      let arrays = tracks.arrays
      #expect(arrays.sequences == TypedArray(.uint8(turned(oneHot)), shape: [2, 4, 5]))
      try NPZFile.write([.init("arr_0", arrays.sequences)], to: "\(folder)/s.npz")
      try NPZFile.write([.init("arr_0", arrays.attributions)], to: "\(folder)/a.npz")
      check(try AttributionTracks(sequences: "\(folder)/s.npz", attributions: "\(folder)/a.npz"))
    }
  }

  @Test func badFilesAreRefused() throws {
    try withTemporaryDirectory { folder in
      func tracks(_ sequences: TypedArray, _ attributions: TypedArray, name: String = "arr_0") throws {
        try NPZFile.write([.init(name, sequences), .init("other", sequences)], to: "\(folder)/s.npz")
        try NPZFile.write([.init("arr_0", attributions)], to: "\(folder)/a.npz")
        _ = try AttributionTracks(sequences: "\(folder)/s.npz", attributions: "\(folder)/a.npz")
      }
      let good = TypedArray(.uint8(oneHot), shape: [2, 5, 4])
      let numbers = TypedArray(.float32(values), shape: [2, 5, 4])
      try tracks(good, numbers)
      var twice = oneHot
      twice[1] = 1
      #expect(throws: InputError.self) { try tracks(TypedArray(.uint8(twice), shape: [2, 5, 4]), numbers) }
      #expect(throws: InputError.self) { try tracks(TypedArray(.uint8(oneHot), shape: [10, 4]), numbers) }
      #expect(throws: InputError.self) { try tracks(good, TypedArray(.float32(values), shape: [1, 10, 4])) }
      #expect(throws: InputError.self) { try tracks(good, numbers, name: "unheard") }
      var infinite = values
      infinite[7] = .nan
      #expect(throws: InputError.self) { try tracks(good, TypedArray(.float32(infinite), shape: [2, 5, 4])) }
      try AtomicFile.write("nothing", to: "\(folder)/text")
      #expect(throws: InputError.self) {
        try AttributionTracks(sequences: "\(folder)/text", attributions: "\(folder)/text")
      }
    }
  }
}
