/// How far beyond the reference's smallest and largest value a value may lie before it is out of range, as a share of
/// the reference's range (maximum − minimum).
///
/// A fixed list, so that a pane can count beyond each margin and depends on its reference alone: a rule may choose any
/// of them at any time, and panes stay addable. Where the reference has one value only, its magnitude stands for the
/// range, and 1 where that is 0.
public enum RangeMargin: Int, Codable, Sendable, CaseIterable {
    case none, tenth, half, whole, tenfold

    /// 0, 0.1, 0.5, 1 or 10.
    public var share: Double {
        switch self {
        case .none: 0
        case .tenth: 0.1
        case .half: 0.5
        case .whole: 1
        case .tenfold: 10
        }
    }

    /// - Returns: `nil` for a share that is none of the list.
    public init?(share: Double) {
        guard let margin = Self.allCases.first(where: { $0.share == share }) else { return nil }
        self = margin
    }

    /// The smallest and largest value that are not out of range of a reference: −∞ and +∞ where it has no finite value.
    public func bounds(of reference: ColumnReference) -> ClosedRange<Double> {
        guard reference.kind == .numeric, let minimum = reference.minimum, let maximum = reference.maximum else {
            return -Double.infinity...Double.infinity
        }
        guard self != .none else { return minimum...maximum }
        let range = maximum - minimum
        let unit = range > 0 ? range : (maximum == 0 ? 1 : maximum.magnitude)
        // The range of a reference that spans all doubles is infinite: nothing lies beyond it.
        return (minimum - share * unit)...(maximum + share * unit)
    }
}
