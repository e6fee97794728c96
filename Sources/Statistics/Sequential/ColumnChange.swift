/// What a column does differently from its reference.
public enum ColumnChange: Codable, Sendable, Hashable {
    case higherValues, lowerValues
    case widerSpread, narrowerSpread
    /// Another shape: skew or tails.
    case otherShape
    case moreMissing, fewerMissing
    /// ±∞, or values of another type.
    case moreInvalid
    /// Categories or discrete values that the reference does not list.
    case moreUnlisted
    case moreOf(category: String)
    case lessOf(category: String)
    /// Something, seen by the test over all cells.
    case unspecified
}

extension ColumnChange: CustomStringConvertible {
    public var description: String {
        switch self {
        case .higherValues: "higher values"
        case .lowerValues: "lower values"
        case .widerSpread: "wider spread"
        case .narrowerSpread: "narrower spread"
        case .otherShape: "another shape"
        case .moreMissing: "more missing values"
        case .fewerMissing: "fewer missing values"
        case .moreInvalid: "more invalid values"
        case .moreUnlisted: "more values that the reference does not list"
        case .moreOf(let category): "more of '\(category)'"
        case .lessOf(let category): "less of '\(category)'"
        case .unspecified: "another distribution"
        }
    }
}
