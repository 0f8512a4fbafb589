import Testing
@testable import Motifs
