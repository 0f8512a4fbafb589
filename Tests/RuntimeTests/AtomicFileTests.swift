import Foundation
import Runtime
import TestSupport
import Testing

@Suite struct AtomicFileTests {
  @Test(arguments: [
    ("x", ""), ("xy", ""), ("a/b", "a"), ("a/b/", "a"), ("/a", "/"), ("/", ""), ("", ""), ("a//b", "a"),
    ("//a", "/"),
  ])
  func folderOfAPath(path: String, folder: String) { #expect(path.folder == folder) }

  @Test func writesWhatItIsGiven() throws {
    try withTemporaryDirectory { folder in
      let path = folder + "/table.tsv"
      try AtomicFile.write("a\tb\n", to: path)
      #expect(try String(contentsOfFile: path, encoding: .utf8) == "a\tb\n")
      // Pieces around the size of the buffer arrive in order.
      let big = (0..<200_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
      try AtomicFile.write(path: path) { file in
        try file.write("head\n")
        try file.write(big)
        try file.write("tail\n")
      }
      let bytes = try [UInt8](Data(contentsOf: URL(fileURLWithPath: path)))
      #expect(bytes == Array("head\n".utf8) + big + Array("tail\n".utf8))
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["table.tsv"])
    }
  }

  @Test func aFailureLeavesTheOldFileAndNoOther() throws {
    try withTemporaryDirectory { folder in
      let path = folder + "/model"
      try AtomicFile.write("old", to: path)
      #expect(throws: InputError("no")) {
        try AtomicFile.write(path: path) { file in
          try file.write([UInt8](repeating: 7, count: 100_000))
          throw InputError("no")
        }
      }
      #expect(try String(contentsOfFile: path, encoding: .utf8) == "old")
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["model"])
    }
  }

  @Test func aLinkStaysALink() throws {
    try withTemporaryDirectory { folder in
      try AtomicFile.write("old", to: folder + "/file")
      try FileManager.default.createSymbolicLink(atPath: folder + "/link", withDestinationPath: "file")
      try AtomicFile.write("new", to: folder + "/link")
      #expect(try String(contentsOfFile: folder + "/file", encoding: .utf8) == "new")
      #expect(try FileManager.default.destinationOfSymbolicLink(atPath: folder + "/link") == "file")
    }
  }

  @Test(.enabled(if: FileManager.default.fileExists(atPath: "/dev/full")), arguments: [3, 1_000_000])
  func aFullDiskIsAnError(bytes: Int) {
    let full = InputError(file: "/dev/full", "cannot be written: no space left on device")
    #expect(throws: full) { try AtomicFile.write([UInt8](repeating: 0, count: bytes), to: "/dev/full") }
  }

  @Test func placesThatRefuse() throws {
    try withTemporaryDirectory { folder in
      #expect(throws: InputError(file: folder, "is a folder, not a file")) {
        try AtomicFile.write("x", to: folder)
      }
      let nowhere = folder + "/missing/file"
      #expect(throws: InputError(file: nowhere, "cannot be written: no such file or directory")) {
        try AtomicFile.write("x", to: nowhere)
      }
    }
  }

  @Test func outputFolders() throws {
    try withTemporaryDirectory { folder in
      let deep = folder + "/a/b/c/"
      try OutputFolder.create(deep)
      try OutputFolder.create(deep)
      try AtomicFile.write("x", to: deep + "file")
      #expect(throws: InputError(file: deep + "file", "is a file, not a folder")) {
        try OutputFolder.create(deep + "file")
      }
      #expect(throws: InputError(file: deep + "file", "is a file, not a folder")) {
        try OutputFolder.create(deep + "file/below")
      }
    }
  }

  @Test("a link to nothing is the user's and stays", arguments: ["link", "link/", "link/below"])
  func links(path: String) throws {
    try withTemporaryDirectory { folder in
      try FileManager.default.createSymbolicLink(atPath: folder + "/link", withDestinationPath: "nowhere")
      #expect(throws: InputError.self) {
        try OutputFolder.write("\(folder)/\(path)") { _ in Issue.record("the work began") }
      }
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["link"])
    }
  }
}

@Suite struct TemporaryPathsTests {
  /// A process that has ended: its number is free, its files are nobody's.
  @Test func whatAKilledProgramLeftIsSwept() throws {
    try withTemporaryDirectory { folder in
      try AtomicFile.write(path: folder + "/a") { file in
        let own = try #require(try FileManager.default.contentsOfDirectory(atPath: folder).first)
        let parts = own.split(separator: "-")
        let dead = Process()
        dead.executableURL = URL(fileURLWithPath: "/bin/true")
        try dead.run()
        dead.waitUntilExit()
        let names = [
          "\(parts[0])-\(parts[1])-\(dead.processIdentifier)-1f.tmp", "\(parts[0])-0-1-1f.tmp",
          "\(parts[0]).tmp",
        ]
        let other = folder + "/other"
        try OutputFolder.create(other)
        for name in names {
          #expect(FileManager.default.createFile(atPath: "\(other)/\(name)", contents: Data()))
        }
        try AtomicFile.write("x", to: other + "/b")
        // Another machine's, and a name that is not of this kind, stay.
        #expect(
          try FileManager.default.contentsOfDirectory(atPath: other).sorted()
            == ([names[2], names[1], "b"]).sorted())
        try file.write("x")
      }
    }
  }

  @Test func aDashNamesNoFile() {
    #expect(throws: InputError("- names no file to write to")) { try AtomicFile.write("x", to: "-") }
  }
}
