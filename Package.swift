// swift-tools-version: 6.2
import PackageDescription

let strict: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("MemberImportVisibility"),
]

// A target names every library whose types it uses, also those that another one exports: the next build compiles
// only targets again whose own dependencies changed, and stale code reads the new types wrongly.
let libraries: [Target.Dependency] = [
  "Runtime", "Statistics", "Arrays", "HDF5", "Sequences", "Genomes", "Motifs", "NeuralNetworks",
  "Interchange",
  "Interpretation", "Discovery", "Evaluation", "Figures", "Study", "Report",
]

let package = Package(
  name: "MotifKit",
  platforms: [.macOS(.v15)],
  products: [
    .library(name: "MotifKit", targets: ["MotifKit"]),
    .library(name: "Motifs", targets: ["Motifs"]),
    .library(name: "NeuralNetworks", targets: ["NeuralNetworks"]),
    .library(name: "Interpretation", targets: ["Interpretation"]),
    .library(name: "Figures", targets: ["Figures"]),
    .executable(name: "motifkit", targets: ["MotifKitCommand"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/hummingbird-project/swift-mustache", from: "2.1.1"),
    .package(url: "https://github.com/apple/swift-protobuf", from: "1.39.0"),
    // Pages of documentation: swift package generate-documentation --target MotifKit.
    .package(url: "https://github.com/swiftlang/swift-docc-plugin", from: "1.4.0"),
  ],
  targets: [
    // System libraries, and the C shims where macros or longjmp need one.
    .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
    .systemLibrary(
      name: "CPNG", pkgConfig: "libpng", providers: [.apt(["libpng-dev"]), .brew(["libpng"])]),
    .systemLibrary(
      name: "CCairo", pkgConfig: "cairo", providers: [.apt(["libcairo2-dev"]), .brew(["cairo"])]),
    .systemLibrary(
      name: "CHTSlib", pkgConfig: "htslib", providers: [.apt(["libhts-dev"]), .brew(["htslib"])]),
    .systemLibrary(name: "CBigWig", providers: [.apt(["libbigwig-dev"])]),
    .target(name: "CPNGShim", dependencies: ["CPNG"]),
    // Loads libhdf5 itself, when a file is opened: only the header is needed here.
    .target(name: "CHDF5Shim"),

    // Where a thread runs.
    .target(name: "CProcessors"),

    // Numeric kernels: one body per instruction set, a table chosen at start.
    .target(
      name: "CKernels",
      exclude: [
        "activity.inc", "comparison.inc", "comparison_single.inc", "network", "network.inc", "scan.inc",
        "scan_avx2.inc", "scan_avx512.inc", "scan_portable.inc", "similarity.inc",
      ],
      cSettings: [.unsafeFlags(["-O2"], .when(configuration: .debug))]),

    // The ground floor: what knows nothing of DNA.
    .target(name: "Runtime", dependencies: ["CZlib", "CProcessors", "CKernels"], swiftSettings: strict),
    .target(name: "Statistics", dependencies: ["Runtime", "CKernels"], swiftSettings: strict),
    .target(name: "Arrays", dependencies: ["Runtime", "CZlib"], swiftSettings: strict),
    .target(name: "HDF5", dependencies: ["Runtime", "Arrays", "CHDF5Shim"], swiftSettings: strict),

    // The way of the data, in order.
    .target(name: "Sequences", dependencies: ["Runtime", "CKernels"], swiftSettings: strict),
    .target(
      name: "Genomes",
      dependencies: ["Runtime", "Statistics", "Sequences", "CZlib", "CHTSlib", "CBigWig"],
      swiftSettings: strict),
    .target(
      name: "Motifs", dependencies: ["Runtime", "Statistics", "Sequences", "CKernels"], swiftSettings: strict),
    .target(
      name: "Discovery",
      dependencies: ["Runtime", "Statistics", "Arrays", "HDF5", "Sequences", "Motifs", "CKernels"],
      swiftSettings: strict),
    .target(
      name: "NeuralNetworks", dependencies: ["Runtime", "Arrays", "Statistics", "Sequences", "CKernels"],
      swiftSettings: strict),
    .target(
      name: "Interchange",
      dependencies: [
        "Runtime", "Arrays", "HDF5", "Sequences", "NeuralNetworks",
        .product(name: "SwiftProtobuf", package: "swift-protobuf"),
      ],
      exclude: ["ONNX/onnx.proto"], swiftSettings: strict),
    .target(
      name: "Interpretation",
      dependencies: [
        "Runtime", "Arrays", "Statistics", "Sequences", "Genomes", "Motifs", "NeuralNetworks", "CKernels",
      ],
      swiftSettings: strict),
    .target(
      name: "Evaluation",
      dependencies: ["Runtime", "Statistics", "Sequences", "Motifs", "NeuralNetworks", "Interpretation"],
      swiftSettings: strict),
    .target(name: "Figures", dependencies: ["Runtime", "CPNGShim", "CCairo"], swiftSettings: strict),
    .target(
      name: "Study",
      dependencies: [
        "Runtime", "Statistics", "Sequences", "Genomes", "Motifs", "NeuralNetworks", "Interpretation",
        "Evaluation",
      ],
      swiftSettings: strict),
    .target(
      name: "Report",
      dependencies: [
        "Runtime", "Statistics", "Arrays", "HDF5", "Sequences", "Genomes", "Motifs", "NeuralNetworks",
        "Interpretation", "Discovery", "Evaluation", "Study", "Figures",
        .product(name: "Mustache", package: "swift-mustache"),
      ],
      swiftSettings: strict),
    .target(
      name: "MotifKit", dependencies: libraries, swiftSettings: strict),
    .executableTarget(
      name: "MotifKitCommand",
      dependencies: libraries + [
        "MotifKit", .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: strict),

    .target(
      name: "TestSupport", dependencies: ["Runtime"], path: "Tests/TestSupport", swiftSettings: strict),
    .testTarget(
      name: "ArraysTests", dependencies: ["Runtime", "Arrays", "TestSupport"], exclude: ["Golden"],
      swiftSettings: strict),
    .testTarget(
      name: "HDF5Tests", dependencies: ["Runtime", "Arrays", "HDF5", "TestSupport"], exclude: ["Golden"],
      swiftSettings: strict),
    .testTarget(name: "RuntimeTests", dependencies: ["Runtime", "TestSupport"], swiftSettings: strict),
    .testTarget(
      name: "StatisticsTests", dependencies: ["Runtime", "Statistics", "TestSupport"], exclude: ["Golden"],
      swiftSettings: strict),
    .testTarget(
      name: "SequencesTests", dependencies: ["Runtime", "Sequences", "TestSupport"], swiftSettings: strict),
    .testTarget(
      name: "GenomesTests", dependencies: ["Runtime", "Statistics", "Genomes", "Sequences", "TestSupport"],
      exclude: ["Golden"], swiftSettings: strict),
    .testTarget(
      name: "MotifsTests", dependencies: ["Runtime", "Statistics", "Sequences", "Motifs", "TestSupport"],
      exclude: ["Golden", "Cases"],
      swiftSettings: strict
    ),
    .testTarget(
      name: "NeuralNetworksTests",
      dependencies: ["Runtime", "Statistics", "Sequences", "NeuralNetworks", "TestSupport"],
      exclude: ["Golden"],
      swiftSettings: strict),
    .testTarget(
      name: "InterchangeTests",
      dependencies: [
        "Runtime", "Arrays", "HDF5", "Sequences", "NeuralNetworks", "Interchange", "TestSupport",
      ],
      exclude: ["Golden"], swiftSettings: strict),
    .testTarget(
      name: "InterpretationTests", dependencies: libraries + ["TestSupport"], exclude: ["Golden"],
      swiftSettings: strict),
    .testTarget(
      name: "EvaluationTests", dependencies: libraries + ["TestSupport"], exclude: ["Golden"],
      swiftSettings: strict),
    .testTarget(
      name: "FiguresTests", dependencies: ["Runtime", "Figures", "TestSupport"], swiftSettings: strict),
    .testTarget(
      name: "DiscoveryTests",
      dependencies: ["Runtime", "Arrays", "HDF5", "Sequences", "Motifs", "Discovery", "TestSupport"],
      exclude: ["Golden"],
      swiftSettings: strict),
    .testTarget(name: "StudyTests", dependencies: libraries + ["TestSupport"], swiftSettings: strict),
    .testTarget(name: "ReportTests", dependencies: libraries + ["TestSupport"], swiftSettings: strict),
    .testTarget(name: "MotifKitTests", dependencies: libraries + ["MotifKit"], swiftSettings: strict),
    .testTarget(
      name: "CommandTests", dependencies: libraries + ["MotifKitCommand", "MotifKit", "TestSupport"],
      exclude: ["Cases"], swiftSettings: strict),
  ]
)
