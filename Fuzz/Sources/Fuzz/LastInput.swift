import Foundation

/// The input in hand, in a mapped file, so that it is there when the program is not.
struct LastInput {
  private let path: String
  private let memory: UnsafeMutableRawBufferPointer

  init(path: String, capacity: Int) {
    self.path = path
    let descriptor = open(path, O_RDWR | O_CREAT | O_TRUNC, 0o644)
    guard descriptor >= 0, ftruncate(descriptor, off_t(capacity)) == 0,
      let start = mmap(nil, capacity, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0), start != MAP_FAILED
    else { fatalError("\(path) cannot be written") }
    close(descriptor)
    memory = UnsafeMutableRawBufferPointer(start: start, count: capacity)
  }

  /// Keeps the length (8 bytes) and as many bytes as there is room for.
  func remember(_ bytes: [UInt8]) {
    memory.storeBytes(of: bytes.count, as: Int.self)
    let room = UnsafeMutableRawBufferPointer(rebasing: memory.dropFirst(8))
    room.copyBytes(from: bytes.prefix(room.count))
  }

  func forget() {
    munmap(memory.baseAddress!, memory.count)
    unlink(path)
  }
}
