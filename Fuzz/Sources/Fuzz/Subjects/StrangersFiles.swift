import Foundation
import MotifKit
import Runtime

extension Subject {
  /// Files of other programs, made by the exporters and by their authors' layouts.
  static let strangersFiles =
    [ModelExport.Format.keras, .h5, .onnx].map { format in
      Subject(
        "\(format.rawValue)",
        seeds: {
          try networks.map { network in try bytes { try ModelExport.write(network, to: $0, format: format) } }
            + golden(theirs[format] ?? [])
        }
      ) {
        path in
        let model = try ModelImport.read(path)
        try use(model)
      }
    } + [
      Subject(
        "torch",
        seeds: {
          try networks.prefix(1).map { network in
            try bytes { try ModelExport.write(network, to: $0, format: .torch) }
          }
        }
      ) {
        path in
        let architecture = NSTemporaryDirectory() + "fuzz-architecture-\(getpid())"
        try AtomicFile.write(networks[0].architecture.json(), to: architecture)
        defer { unlink(architecture) }
        try use(try ModelImport.read(path, options: ImportOptions(architecture: architecture)))
      },
      Subject(
        "torch-module",
        seeds: { try golden(["module.pt", "state_legacy.pth", "lightning.ckpt", "explainn.pth"]) }
      ) { path in
        // A whole module says its layers itself; the others' are in a file.
        for architecture in [nil, golden + "torch.json"] {
          do { try use(try ModelImport.read(path, options: ImportOptions(architecture: architecture))) } catch
          {
            if architecture != nil { throw error }
          }
        }
      },
      Subject("torch-recurrent", seeds: { try golden(["recurrent.pth"]) }) { path in
        try use(try ModelImport.read(path, options: ImportOptions(architecture: golden + "recurrent.json")))
      },
      Subject("safetensors-import", seeds: { try golden(["recurrent.safetensors"]) }) { path in
        try use(try ModelImport.read(path, options: ImportOptions(architecture: golden + "recurrent.json")))
      },
      Subject(
        "keras-architecture", seeds: { try golden(["keras3.json", "keras0.json"]) }
      ) { path in
        for weights in ["keras3.weights.h5", "keras0.weights.h5"] {
          do {
            try use(try ModelImport.read(golden + weights, options: ImportOptions(architecture: path)))
          } catch { if weights.hasPrefix("keras0") { throw error } }
        }
      },
      Subject(
        "deepbind", seeds: { try [Array(deepbind.utf8)] + golden(["deepbind.txt", "deepbind_hidden.txt"]) }
      ) { path in try use(try ModelImport.read(path)) },
      Subject(
        "npz",
        seeds: {
          [
            try bytes {
              try NPZFile.write(
                [
                  .init("x", TypedArray(.float32((0..<24).map(Float.init)), shape: [2, 3, 4])),
                  .init("names", TypedArray(["a", "Ä"])),
                  .init("y", TypedArray(.float64([0.5]), shape: [1])),
                  .init("n", TypedArray(.int64([3, 4]), shape: [2])),
                ], to: $0)
            }
          ]
        }
      ) { path in _ = try NPZFile.read(path: path, limit: 1 << 28) },
      Subject("hdf5", seeds: { [try HDF5Writer.encoded(tree)] }) { path in
        let root = try HDF5File.read(path: path, limit: 1 << 12)
        for group in root.groups.values {
          for dataset in group.datasets.values { _ = try dataset.array(limit: 1 << 24) }
        }
      },
    ]

  /// The files of `Tests/InterchangeTests/Golden`.
  private static let golden =
    URL(fileURLWithPath: #filePath).deletingLastPathComponent().path
    + "/../../../../Tests/InterchangeTests/Golden/"

  private static func golden(_ names: [String]) throws -> [[UInt8]] {
    try names.map { try [UInt8](Data(contentsOf: URL(fileURLWithPath: golden + $0))) }
  }

  private static let theirs: [ModelExport.Format: [String]] = [
    .keras: ["excitation.keras", "heads.keras"], .h5: ["keras2.h5", "keras3.h5"],
    .onnx: ["excitation.onnx", "tensorflow.onnx"],
  ]

  private static func use(_ model: ImportedModel) throws {
    let length = model.network.architecture.input.length
    guard length < 2000, model.network.architecture.parameterCount < 1 << 20 else { return }
    let set = SequenceSet(codes: (0..<2 * length).map { UInt8($0 % 5) }, starts: [0, length, 2 * length])
    _ = try model.predictions(of: set)
    _ = model.objective
  }

  private static let tree = HDF5Group(groups: [
    "g": HDF5Group(
      attributes: ["names": TypedArray(["kernel:0", "bias:0"]), "n": TypedArray(.int64([3]), shape: [])],
      datasets: [
        "packed": HDF5Dataset(
          TypedArray(.float32((0..<900).map { Float($0 % 9) }), shape: [300, 3]), isCompressed: true),
        "plain": HDF5Dataset(TypedArray(.float64([1, 2, 3]), shape: [3])),
        "texts": HDF5Dataset(TypedArray(["a", "bc"])),
      ])
  ])

  private static let deepbind: String = {
    func list(_ count: Int) -> String {
      (0..<count).map { "\(Double($0 % 7) / 4 - 0.75)" }.joined(separator: ",")
    }
    return """
      # deepbind 0.1
      reverse_complement = 0
      num_detectors = 3
      detector_len = 6
      has_avg_pooling = 1
      num_hidden = 2
      detectors = \(list(72))
      thresholds = \(list(3))
      weights1 = \(list(12))
      biases1 = \(list(2))
      weights2 = \(list(2))
      biases2 = \(list(1))

      """
  }()
}
