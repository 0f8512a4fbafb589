import Arrays
import Foundation
import Runtime
import TestSupport
import Testing

/// A file that NumPy wrote (`Golden/arrays.py`), and files written here.
@Suite struct ArraysTests {
  private static let golden =
    URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Golden/arrays.npz")
    .path

  @Test func everyTypeIsRead() throws {
    let arrays = try NPZFile.read(path: Self.golden)
    #expect(arrays["f2"]?.values == .float32([0.5, -2, 5.9604645e-8, .infinity]))
    #expect(arrays["f4"] == TypedArray(.float32([0, 1, 2, 3, 4, 5]), shape: [2, 3]))
    #expect(arrays["f8"]?.values == .float64([0.1]))
    #expect(arrays["big"]?.values == .float32([1.5, -3]))
    #expect(arrays["b1"]?.values == .uint8([1, 0]))
    #expect(arrays["i1"]?.values == .int8([-1, 7]))
    #expect(arrays["i2"]?.values == .int64([-300]))
    #expect(arrays["i4"]?.values == .int64([1 << 30]))
    #expect(arrays["u4"]?.values == .int64([1 << 31]))
    #expect(arrays["u8"]?.values == .int64([.max]))
    #expect(arrays["fortran"] == TypedArray(.float32((0..<24).map(Float.init)), shape: [2, 3, 4]))
    #expect(arrays["scalar"] == TypedArray(.float32([2.5]), shape: []))
    #expect(arrays["empty"] == TypedArray(.float32([]), shape: [0, 4]))
    #expect(arrays["names"]?.strings == ["chr1", "Ä"])
    #expect(arrays["raw"]?.strings == ["ab", "c"])
  }

  @Test func whatIsWrittenIsReadAgain() throws {
    let arrays: [NamedArray<TypedArray>] = [
      .init("a", TypedArray(.float32([1, .nan, -0.0]), shape: [3])),
      .init("b", TypedArray(.float64([.pi]), shape: [1, 1])),
      .init("c", TypedArray(.int8([-128]), shape: [])), .init("d", TypedArray(["x", "", "Äöü"])),
      .init("e", TypedArray(.int64([]), shape: [0])), .init("f", TypedArray(.uint8([7, 8]), shape: [2])),
    ]
    try withTemporaryDirectory { folder in
      try NPZFile.write(arrays, to: folder + "/x.npz")
      let read = try NPZFile.read(path: folder + "/x.npz")
      #expect(read.count == arrays.count)
      for (name, array) in arrays.map({ ($0.name, $0.array) }) {
        #expect(read[name]?.shape == array.shape)
        #expect(try "\(#require(read[name]).values)" == "\(array.values)")
      }
      #expect(try NPZFile.read(path: folder + "/x.npz", firstOf: ["z", "c", "a"]).keys.sorted() == ["c"])
      #expect(try NPZFile.read(path: folder + "/x.npz", firstOf: ["z"]).count == arrays.count)
    }
  }

  @Test func damagedFilesAreRefused() throws {
    let seed = try WholeFile.bytes(Self.golden)
    var mutator = ByteMutator(seeds: [seed], seed: 5)
    var refused = 0
    for _ in 0..<2000 {
      do { _ = try NPZFile.read(mutator.next(), file: "x") } catch let error as InputError {
        #expect(error.file?.hasPrefix("x") == true && !error.reason.isEmpty)
        refused += 1
      }
    }
    #expect(refused > 500)
    #expect(throws: InputError(file: "/nowhere", "no such file")) { try NPZFile.read(path: "/nowhere") }
    #expect(throws: InputError.self) { try NPZFile.read(seed, file: "x", limit: 20) }
  }
}
