import Foundation

/// What the system says about `errno`, to stand in the middle of a line: `no space left on device`.
package func systemMessage(_ code: Int32 = errno) -> String {
  let message = String(cString: strerror(code))
  return message.prefix(1).lowercased() + message.dropFirst()
}
