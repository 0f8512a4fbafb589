import Arrays
import Foundation
import HDF5
import Runtime
import TestSupport
import Testing

/// Files that h5py wrote (`Golden/layouts.py`), and files written here.
@Suite struct HDF5Tests {
  static func golden(_ name: String) -> String {
    URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Golden/" + name).path
  }

  @Test(arguments: ["layouts.h5", "version110.h5"])
  func everyLayoutIsRead(_ name: String) throws {
    let file = try HDF5File.read(path: Self.golden(name))
    #expect(file.attributes["title"]?.string == "variable length")
    #expect(file.attributes["fixed"] == TypedArray(["kernel:0", "bias:0"]))
    #expect(file.attributes["count"]?.integer == 3)
    #expect(file.attributes["nothing"] == TypedArray(.float32([]), shape: [0]))
    func values(_ path: String) throws -> TypedArray { try #require(try file.dataset(path)?.array()) }
    #expect(try values("numbers/f4") == TypedArray(.float32([0, 0.25, 0.5, 0.75, 1, 1.25]), shape: [2, 3]))
    #expect(try values("numbers/f8").values == .float64([1e300, -2.5]))
    #expect(try values("numbers/f2").values == .float32([0.5, -3]))
    #expect(try values("numbers/big").values == .float32([1.25, 7]))
    #expect(try values("numbers/i1").values == .int8([-1, 5]))
    #expect(try values("numbers/u1").values == .uint8([255, 0]))
    #expect(try values("numbers/i4") == TypedArray(.int64([-7, 1 << 30]), shape: [2, 1]))
    #expect(try values("numbers/bool").values == .int8([1, 0]))
    #expect(try values("numbers/scalar") == TypedArray(.float32([0.75]), shape: []))
    #expect(try values("numbers/empty") == TypedArray(.float32([]), shape: [0, 4]))
    #expect(
      try values("numbers/deflated") == TypedArray(.float32((0..<4000).map(Float.init)), shape: [1000, 4]))
    #expect(file.dataset("numbers/deflated")?.attributes["unit"]?.string == "logit")
    #expect(try values("texts/variable").strings == ["chr1", "Ä"])
    #expect(try values("texts/fixed").strings == ["chr1", "chrUn_1"])
    #expect(try values("deep/a/b/c/x").integer == 1)
    #expect(Set(file.groups["refused"]?.unread.keys ?? [:].keys) == ["lzf", "compound", "soft", "external"])
  }

  @Test func rowsOfALargeDatasetAreReadAlone() throws {
    let file = try HDF5File.read(path: Self.golden("layouts.h5"), limit: 100)
    let dataset = try #require(file.dataset("numbers/deflated"))
    #expect(
      try dataset.rows(700..<703) == TypedArray(.float32((2800..<2812).map(Float.init)), shape: [3, 4]))
    #expect(try dataset.array().values.count == 4000)
    #expect(throws: InputError(file: Self.golden("layouts.h5"), "dataset /numbers/deflated has fewer rows")) {
      try dataset.rows(999..<1001)
    }
    #expect(throws: InputError.self) { _ = try dataset.array(limit: 15999) }
    #expect(try dataset.array(limit: 16000).values.count == 4000)
  }

  @Test func whatIsWrittenIsReadAgain() throws {
    let deflated = TypedArray(.float32((0..<3000).map { Float($0 % 7) }), shape: [500, 6])
    var group = HDF5Group(attributes: [
      "names": TypedArray(["a", "bc", ""]), "n": TypedArray(.int64([-4]), shape: []),
    ])
    group.datasets["x"] = HDF5Dataset(deflated, attributes: ["e": TypedArray("é")], isCompressed: true)
    group.datasets["plain"] = HDF5Dataset(TypedArray(.float64([0.1]), shape: [1, 1]))
    group.datasets["codes"] = HDF5Dataset(TypedArray(.uint8([0, 1, 255]), shape: [3]))
    group.datasets["texts"] = HDF5Dataset(TypedArray(["p", "q"]))
    group.datasets["none"] = HDF5Dataset(TypedArray(.int8([]), shape: [0, 2]))
    let root = HDF5Group(
      attributes: ["keras_version": TypedArray("3.0")], groups: ["g": group, "empty": HDF5Group()])
    try withTemporaryDirectory { folder in
      try HDF5Writer.write(root, to: folder + "/x.h5")
      let read = try HDF5File.read(path: folder + "/x.h5")
      #expect(read.attributes == root.attributes)
      #expect(read.groups["empty"]?.datasets.isEmpty == true)
      let other = try #require(read.groups["g"])
      #expect(other.attributes == group.attributes)
      #expect(other.unread.isEmpty)
      #expect(Set(other.datasets.keys) == Set(group.datasets.keys))
      for (name, dataset) in group.datasets {
        #expect(try other.datasets[name]?.array() == dataset.array())
        #expect(other.datasets[name]?.attributes == dataset.attributes)
      }
      let bytes = try HDF5Writer.encoded(root)
      #expect(bytes == [UInt8](try Data(contentsOf: URL(fileURLWithPath: folder + "/x.h5"))))
      var plain = root
      plain.groups["g"]?.datasets["x"] = HDF5Dataset(deflated)
      #expect(try bytes.count < HDF5Writer.encoded(plain).count - 8000, "seven kinds of numbers deflate well")
      #expect(try HDF5File.read(bytes, file: "x").groups["g"]?.datasets["x"]?.array() == deflated)
    }
  }

  @Test func whatIsNoHDF5IsRefused() throws {
    #expect(throws: InputError(file: "x", "is not an HDF5 file, or a damaged one")) {
      try HDF5File.read([1, 2, 3], file: "x")
    }
    #expect(throws: InputError(file: "/nowhere.h5", "no such file")) {
      try HDF5File.read(path: "/nowhere.h5")
    }
    #expect(throws: InputError.self) {
      try HDF5Writer.encoded(HDF5Group(groups: ["a/b": HDF5Group()]))
    }
  }

  /// A damaged file is read or refused; the process lives on, whatever the library does.
  @Test func damagedFilesAreRefused() throws {
    let seeds = try ["layouts.h5", "version110.h5"].map {
      [UInt8](try Data(contentsOf: URL(fileURLWithPath: Self.golden($0))))
    }
    var mutator = ByteMutator(seeds: seeds, seed: 3)
    var refused = 0
    for _ in 0..<200 {
      do {
        for group in try HDF5File.read(mutator.next(), file: "x").groups.values {
          for dataset in group.datasets.values { _ = try dataset.array() }
        }
      } catch let error as InputError {
        #expect(error.file == "x" && !error.reason.isEmpty)
        refused += 1
      }
    }
    #expect(refused > 20)
  }
}
