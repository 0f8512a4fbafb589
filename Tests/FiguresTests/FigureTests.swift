import Figures
import Foundation
import Runtime
import TestSupport
import Testing

@Suite struct FigureTests {
  private let figure = Figure(Size(72, 36), title: "A & B <1>") { canvas in
    canvas.fill(Rectangle(x: 18, y: 9, width: 36, height: 18), Color(0xD62839))
    canvas.text("filter 1", at: Point(5, 34), Theme.standard.tick)
  }

  @Test(arguments: [72, 150, 300]) func pngHasSizeResolutionAndProvenance(dpi: Int) throws {
    let provenance = Provenance(version: "1.2", command: "motifkit run", seed: 7, description: "test")
    let picture = try PNGPicture(decoding: figure.png(dpi: dpi, provenance: provenance))
    #expect(picture.width == dpi && picture.height == (dpi + 1) / 2)
    #expect(picture.dpi == dpi)
    #expect(
      picture.texts == [
        .init("Title", "A & B <1>"), .init("Software", "MotifKit"), .init("Version", "1.2"),
        .init("Command", "motifkit run"), .init("Seed", "7"), .init("Description", "test"),
      ])
    #expect(picture[dpi / 2, dpi / 4] == [0xD6, 0x28, 0x39, 255])
    #expect(picture[dpi / 8, dpi / 16] == [255, 255, 255, 255])
  }

  @Test func transparentBackgroundKeepsStraightColors() throws {
    let half = Figure(Size(10, 10)) {
      $0.fill(Rectangle(x: 0, y: 0, width: 5, height: 10), Color(0xC86432, alpha: 0.5))
    }
    let picture = try PNGPicture(decoding: half.png(dpi: 72, background: nil))
    let pixel = picture[2, 5]
    for (found, expected) in zip(pixel, [0xC8, 0x64, 0x32, 128] as [UInt8]) {
      #expect(abs(Int(found) - Int(expected)) <= 1)
    }
    #expect(picture[8, 5] == [0, 0, 0, 0])
  }

  @Test func sameFigureSameBytes() throws {
    #expect(try figure.png() == figure.png())
    #expect(try figure.svg() == figure.svg())
    #expect(try figure.pdf() == figure.pdf())
    #expect(try figure.pdf().starts(with: Array("%PDF-".utf8)))
  }

  @Test func drawingOnManyThreadsGivesTheSameBytes() throws {
    let logo = SequenceLogo(information: Synthetic.foxo1, title: "FOXO1").figure()
    let expected = try logo.png(dpi: 72) + Array(logo.svg().utf8)
    let all = Lock<[[UInt8]]>([])
    DispatchQueue.concurrentPerform(iterations: 8) { _ in
      let bytes = try? logo.png(dpi: 72) + Array(logo.svg().utf8)
      all.change { $0.append(bytes ?? []) }
    }
    #expect(all.value.count == 8 && all.value.allSatisfy { $0 == expected })
  }

  @Test func sizesThatCannotBeDrawnAreErrors() {
    let error = #expect(throws: FigureError.self) { try figure.png(dpi: 40_000) }
    #expect(
      error?.reason == "at 40000 dpi the picture would be 40000 × 20000 pixels; each side must be 1 to 32767")
    #expect(throws: FigureError.self) { try Figure(Size(0, 10)) { _ in }.svg() }
    #expect(throws: FigureError.self) { try Figure(Size(.infinity, 10)) { _ in }.png() }
  }

  @Test(arguments: ["png", "svg", "pdf", "PNG"]) func writesByExtension(type: String) throws {
    try withTemporaryDirectory { folder in
      let path = "\(folder)/figure.\(type)"
      try Data("old".utf8).write(to: URL(fileURLWithPath: path))
      try figure.write(to: path, dpi: 150)
      let bytes = try [UInt8](Data(contentsOf: URL(fileURLWithPath: path)))
      switch type.lowercased() {
      case "png": #expect(try bytes == figure.png(dpi: 150))
      case "svg": #expect(try bytes == Array(figure.svg().utf8))
      default: #expect(try bytes == figure.pdf())
      }
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["figure.\(type)"])
    }
  }

  @Test func pathsThatCannotBeWrittenAreNamed() throws {
    try withTemporaryDirectory { folder in
      try Data().write(to: URL(fileURLWithPath: "\(folder)/file"))
      try FileManager.default.createDirectory(
        atPath: "\(folder)/folder.svg", withIntermediateDirectories: false)
      let cases = [
        ("\(folder)/a.gif", "a figure is written as .png, .svg or .pdf, not .gif"),
        ("\(folder)/a", "a figure is written as .png, .svg or .pdf"),
      ]
      for (path, reason) in cases {
        #expect(throws: FigureError(path: path, reason)) { try figure.write(to: path) }
      }
      let unwritable = [
        ("\(folder)/missing/a.svg", "cannot be written: no such file or directory"),
        ("\(folder)/file/a.svg", "cannot be written: not a directory"),
        ("\(folder)/folder.svg", "is a folder, not a file"),
      ]
      for (path, reason) in unwritable {
        #expect(throws: InputError(file: path, reason)) { try figure.write(to: path) }
      }
      // In a folder that is filled whole, the name is the one that the user knows.
      #expect(
        throws: InputError(
          file: "\(folder)/out/missing/a.svg", "cannot be written: no such file or directory")
      ) {
        try OutputFolder.write("\(folder)/out") { stage in try figure.write(to: "\(stage)/missing/a.svg") }
      }
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder).sorted() == ["file", "folder.svg"])
    }
  }
}

/// A value that one thread at a time may change.
final class Lock<Value: Sendable>: @unchecked Sendable {
  private let lock = NSLock()
  private var stored: Value

  init(_ value: Value) { stored = value }

  var value: Value { lock.withLock { stored } }

  func change(_ body: (inout Value) -> Void) { lock.withLock { body(&stored) } }
}
