import Arrays
import HDF5
import Runtime

/// What Keras's files hold: the configuration of a model, its weights, and which Keras wrote them.
struct KerasFile {
  let file: String
  /// The file that the configuration comes from: `file`, or a JSON file beside it.
  let configurationFile: String
  var configuration: JSON
  var weights: KerasWeights
  /// 0 (0.3), 1, 2 or 3.
  var version: Int
  /// Whether kernels are meant to be flipped, as Theano does.
  var isTheano: Bool

  /// A whole model or weights in HDF5, or the zip archive of Keras 3.
  ///
  /// - Parameter architecture: bytes and name of a JSON file, for weights without a model.
  /// - Throws: `InputError` that names the file: damaged, or weights only and no architecture.
  static func read(_ bytes: [UInt8], file: String, architecture: (bytes: [UInt8], file: String)?) throws
    -> KerasFile
  {
    if bytes.starts(with: ZipArchive.signature) {
      return try KerasFile(archive: ZipArchive(bytes, file: file), file: file)
    }
    // Before the weights, which take a process to read.
    let described = try architecture.map { (try JSON($0.bytes, file: $0.file), $0.file) }
    return try KerasFile(HDF5File.read(bytes, file: file), file: file, architecture: described)
  }

  private init(_ root: HDF5Group, file: String, architecture: (json: JSON, file: String)?) throws {
    let whole = root.attributes["model_config"]?.string
    guard whole != nil || architecture != nil else {
      throw InputError(
        file: file,
        "holds weights without the layers they belong to; give these with --architecture (Keras: model.to_json())"
      )
    }
    self.file = file
    configurationFile = whole == nil ? architecture?.file ?? file : file
    configuration =
      if let whole { try JSON(Array(whole.utf8), file: file) } else { architecture?.json ?? JSON(nil) }
    let holder = root.groups["model_weights"] ?? root
    let attribute = (holder.attributes["keras_version"] ?? root.attributes["keras_version"])?.string
    // Files of weights alone say no version; only Keras 3 numbers its arrays.
    version =
      KerasWeights.isNumbered(holder)
      ? 3 : Self.version(attribute ?? configuration["keras_version"].text, configuration)
    let backend = (holder.attributes["backend"] ?? root.attributes["backend"])?.string
    isTheano =
      (backend ?? configuration["backend"].text ?? (version < 2 ? "theano" : "tensorflow")) == "theano"
    weights = try KerasWeights(holder, file: file)
  }

  private init(archive: ZipArchive, file: String) throws {
    func content(_ name: String) throws -> [UInt8] {
      guard let entry = archive.entries.first(where: { $0.name == name }) else {
        throw InputError(file: file, "holds no \(name), as files of Keras do")
      }
      return try archive.content(entry, limit: 1 << 31)
    }
    self.file = file
    configurationFile = file
    configuration = try JSON(content("config.json"), file: file)
    weights = try KerasWeights(
      HDF5File.read(content("model.weights.h5"), file: file), file: file)
    version = 3
    isTheano = false
  }

  private static func version(_ text: String?, _ configuration: JSON) -> Int {
    if let major = text?.split(separator: ".").first.flatMap({ Int($0) }) { return major }
    // 0.3 has lists of layers without `class_name`; Keras 1 wrote no version into its JSON at first.
    if configuration["class_name"].text == nil { return 0 }
    return configuration["config"].array?.contains { $0["config"]["nb_filter"].exists } == true ? 1 : 2
  }
}
