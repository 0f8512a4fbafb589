import Testing
@testable import Sequences
