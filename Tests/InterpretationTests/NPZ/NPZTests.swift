import Arrays
import Foundation
import Interpretation
import Runtime
import Sequences
import TestSupport
import Testing

@Suite struct NPZTests {
  /// Reads a stored zip archive by its directory and checks every number in it.
  private func entries(_ bytes: [UInt8]) throws -> [(name: String, content: [UInt8])] {
    func number(_ place: Int, _ size: Int) -> Int {
      (0..<size).reduce(0) { $0 | Int(bytes[place + $1]) << (8 * $1) }
    }
    let end = bytes.count - 22
    try #require(number(end, 4) == 0x0605_4b50)
    let count = number(end + 10, 2)
    var place = number(end + 16, 4)
    #expect(number(end + 12, 4) == end - place && number(end + 8, 2) == count)
    return try (0..<count).map { _ in
      try #require(number(place, 4) == 0x0201_4b50)
      let (sum, size, nameSize) = (number(place + 16, 4), number(place + 24, 4), number(place + 28, 2))
      let local = number(place + 42, 4)
      #expect(number(place + 20, 4) == size && number(place + 10, 2) == 0)
      try #require(number(local, 4) == 0x0403_4b50)
      #expect(Array(bytes[local + 14..<local + 28]) == Array(bytes[place + 16..<place + 30]))
      let name = String(decoding: bytes[place + 46..<place + 46 + nameSize], as: UTF8.self)
      #expect(Array(bytes[local + 30..<local + 30 + nameSize]) == Array(name.utf8))
      let content = Array(bytes[local + 30 + nameSize..<local + 30 + nameSize + size])
      #expect(checksum(content) == UInt32(sum))
      place += 46 + nameSize
      return (name, content)
    }
  }

  /// CRC-32, bit by bit.
  private func checksum(_ bytes: [UInt8]) -> UInt32 {
    var sum: UInt32 = 0xFFFF_FFFF
    for byte in bytes {
      sum ^= UInt32(byte)
      for _ in 0..<8 { sum = sum & 1 == 1 ? (sum >> 1) ^ 0xEDB8_8320 : sum >> 1 }
    }
    return ~sum
  }

  /// What `numpy.save` writes for these arrays (numpy 2): header and numbers.
  @Test func arraysAreWhatNumPyWrites() throws {
    try withTemporaryDirectory { folder in
      let path = folder + "/arrays.npz"
      try NPZFile.write(
        [
          .init("x", TypedArray(.float32([1, -2.5, 0, 3]), shape: [2, 2])),
          .init("codes", TypedArray(.uint8([0, 255, 7]), shape: [3])),
          .init("n", TypedArray(.int64([-2]), shape: [1, 1, 1])),
        ], to: path)
      let entries = try entries([UInt8](Data(contentsOf: URL(fileURLWithPath: path))))
      #expect(entries.map(\.name) == ["x.npy", "codes.npy", "n.npy"])
      func npy(_ header: String, _ numbers: [UInt8]) -> [UInt8] {
        let text = header + String(repeating: " ", count: 117 - header.count) + "\n"
        return [0x93] + Array("NUMPY".utf8) + [1, 0, 118, 0] + Array(text.utf8) + numbers
      }
      #expect(
        entries[0].content
          == npy(
            "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 2), }",
            [0, 0, 128, 63, 0, 0, 32, 192, 0, 0, 0, 0, 0, 0, 64, 64]))
      #expect(
        entries[1].content
          == npy("{'descr': '|u1', 'fortran_order': False, 'shape': (3,), }", [0, 255, 7]))
      #expect(
        entries[2].content
          == npy(
            "{'descr': '<i8', 'fortran_order': False, 'shape': (1, 1, 1), }",
            [254, 255, 255, 255, 255, 255, 255, 255]))
    }
  }

  @Test func attributionsAsArrays() throws {
    try withTemporaryDirectory { folder in
      let network = try GoldenAttribution.network()
      let attributions = try network.attributions(.inputXGradient, of: GoldenAttribution.sequences)
      try attributions.write(to: folder + "/a.npz")
      try attributions.write(to: folder + "/b.npz")
      let bytes = try [UInt8](Data(contentsOf: URL(fileURLWithPath: folder + "/a.npz")))
      #expect(try bytes == [UInt8](Data(contentsOf: URL(fileURLWithPath: folder + "/b.npz"))))
      let entries = try entries(bytes)
      #expect(entries.map(\.name) == ["sequences.npy", "attributions.npy"])
      #expect(Array(entries[0].content.suffix(360)) == attributions.oneHot)
      let numbers = entries[1].content.suffix(4 * 360)
      let first = numbers.startIndex
      for i in 0..<360 {
        let bits = (0..<4).reduce(UInt32(0)) { $0 | UInt32(numbers[first + 4 * i + $1]) << (8 * UInt32($1)) }
        #expect(bits == attributions.values[i].bitPattern)
      }
    }
  }

  @Test func foldersThatAreNotThere() throws {
    #expect(throws: InputError.self) {
      try NPZFile.write([.init("x", TypedArray(.uint8([1]), shape: [1]))], to: "/nonexistent/x.npz")
    }
  }
}
