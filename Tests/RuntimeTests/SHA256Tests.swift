import Foundation
import Runtime
import TestSupport
import Testing

@Suite struct SHA256Tests {
  /// FIPS 180-4's examples, and lengths around the block size with hashlib.sha256(b"a" * n).hexdigest() of Python.
  @Test(arguments: [
    ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
    ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
    (
      "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
      "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
    ),
    (
      String(repeating: "a", count: 55), "9f4390f8d30c2dd92ec9f095b65e2b9ae9b0a925a5258e241c9f1e910f734318"
    ),
    (
      String(repeating: "a", count: 64), "ffe054fe7ae0cb6dc65c3af9b61d5209f439851db43d0ba5997337df154668eb"
    ),
    (
      String(repeating: "a", count: 1000), "41edece42d63e8d9bf515a9ba6932e1c20cbc9f5a5d134645adb5db1b9737ea3"
    ),
  ])
  func knownDigests(text: String, digest: String) {
    for isPortable in [false, true] {
      var whole = SHA256(isPortable: isPortable)
      whole.update(Array(text.utf8))
      #expect(whole.digest() == digest)
    }
    var parts = SHA256()
    for byte in text.utf8 { parts.update([byte]) }
    #expect(parts.digest() == digest)
  }

  @Test("large inputs are hashed beside the work, and not to the end when nobody asks") func beside() throws {
    try withTemporaryDirectory { folder in
      let path = "\(folder)/abc"
      try "abc".write(toFile: path, atomically: false, encoding: .utf8)
      #expect(
        try InputDigests([path, path], immediate: 0).values().map(\.sha256) == [
          "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
          "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
        ])
      #expect(throws: InputError(file: "\(folder)/none", "cannot be read: no such file or directory")) {
        try InputDigests(["\(folder)/none"], immediate: 0)
      }
      // A terabyte of zeros that takes no room on the disk.
      let hole = "\(folder)/hole"
      #expect(FileManager.default.createFile(atPath: hole, contents: nil))
      try #require(truncate(hole, 1 << 40) == 0)
      let digests = try InputDigests([hole])
      digests.stop()
      #expect(throws: CancellationError.self) { try digests.values() }
    }
  }

  @Test func files() throws {
    try withTemporaryDirectory { folder in
      try "abc".write(toFile: "\(folder)/abc", atomically: false, encoding: .utf8)
      #expect(
        try SHA256.digest(ofFile: "\(folder)/abc")
          == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
      #expect(throws: (any Error).self) { try SHA256.digest(ofFile: "\(folder)/none") }
    }
  }
}
