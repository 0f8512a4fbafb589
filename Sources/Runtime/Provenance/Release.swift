/// This release of MotifKit.
public enum Release {
  public static let version = "0.1.0"
}
