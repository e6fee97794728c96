/// Roots of monotone functions, for sample sizes and bounds.
enum Bisection {
    /// The x in `low…high` at which an increasing function reaches `target`, to the last digits; the nearer end where it
    /// does not within the range.
    static func root(
        of function: (Double) -> Double, equals target: Double, from low: Double, to high: Double, steps: Int = 200
    ) -> Double {
        var (low, high) = (low, high)
        for _ in 0..<steps {
            let middle = low + (high - low) / 2
            guard middle > low, middle < high else { break }
            if function(middle) < target { low = middle } else { high = middle }
        }
        return low + (high - low) / 2
    }

    /// As above on `start…∞`: the range is doubled until it holds the root. `nil` past 2⁶⁰ times the start.
    static func root(of function: (Double) -> Double, equals target: Double, from start: Double) -> Double? {
        var high = start
        for _ in 0..<60 {
            if function(high) >= target { return root(of: function, equals: target, from: start, to: high) }
            high *= 2
        }
        return nil
    }
}
