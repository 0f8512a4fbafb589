private import CHDF5Shim
import Runtime

/// libhdf5, loaded with the first file.
enum HDF5Library {
  private static let loaded = Result {
    // Debian's builds first, then what the HDF Group's and other distributions' are called.
    let names = ["_serial", ""].flatMap { kind in
      [".so.103", ".so.200", ".so.310", ".so.320", ".so", ".dylib"].map { "libhdf5\(kind)\($0)" }
    }
    let library = try SharedLibrary(
      title: "libhdf5", package: "libhdf5-dev (Debian) or hdf5 (Homebrew)",
      names: names)
    if let problem = chdf5_bind(library.handle) {
      throw InputError("libhdf5 \(String(cString: problem))")
    }
  }

  /// - Throws: `InputError` if the library is not there or of another version than its header.
  static func load() throws { try loaded.get() }
}
