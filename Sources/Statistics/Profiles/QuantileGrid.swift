/// The cells of a continuous column, from its sorted values.
///
/// Edges are empirical quantiles by linear interpolation between order statistics (Hyndman and Fan 1996, type 7;
/// numpy's default): the quantile k/G of n values lies at position k·(n − 1)/G. A grid of n ≥ 500 values has G = 500
/// levels, a smaller one the multiple of ten at or below n (at least ten), so that the deciles are always among them.
///
/// Equal edges collapse. A value at which levels collapsed is an atom (zeros of a column that is mostly zero): it gets a
/// cell of its own by a second edge right above it, so that the KS statistic loses nothing there. A decile edge equal to
/// the minimum is none: the bin below it would be empty by construction.
struct QuantileGrid {
    private(set) var edges: [Double] = []
    private(set) var decileOfCell: [UInt8] = [0]

    /// - Parameter values: ascending, finite, not empty.
    init(sorted values: [Double]) {
        let levels = values.count >= 500 ? 500 : max(10, values.count / 10 * 10)
        var deciles: [Double] = []
        for level in 1..<levels {
            let edge = Self.quantile(of: values, level, of: levels)
            append(edge)
            guard level % (levels / 10) == 0 else { continue }
            // An atom that fills a decile is a bin of its own: without its upper edge a column that is mostly zero
            // would have all its values in one bin, and PSI would see nothing.
            let isAtom = edge == values[0] || deciles.last == edge
            let decile = isAtom ? edge.nextUp : edge
            if deciles.last.map({ $0 < decile }) ?? true { deciles.append(decile) }
        }
        deciles = deciles.filter(edges.contains)
        var next = deciles[...]
        var decile: UInt8 = 0
        for edge in edges {
            if edge == next.first {
                next.removeFirst()
                decile += 1
            }
            decileOfCell.append(decile)
        }
    }

    private mutating func append(_ edge: Double) {
        guard let last = edges.last else {
            edges.append(edge)
            return
        }
        if edge > last {
            edges.append(edge)
        } else if edge == last, last.nextUp.isFinite {
            edges.append(last.nextUp)
        }
    }

    /// numpy's `quantile(values, level / levels)`; the position is computed in integers, so that it is exact.
    static func quantile(of values: [Double], _ level: Int, of levels: Int) -> Double {
        let (index, rest) = (level * (values.count - 1)).quotientAndRemainder(dividingBy: levels)
        let low = values[index]
        guard rest > 0 else { return low }
        let high = values[index + 1]
        let fraction = Double(rest) / Double(levels)
        // The difference of two finite numbers can be infinite.
        guard (high - low).isFinite else { return low * (1 - fraction) + high * fraction }
        let value = fraction < 0.5 ? low + (high - low) * fraction : high - (high - low) * (1 - fraction)
        return min(max(value, low), high)
    }

    /// Values per cell.
    static func counts(of values: [Double], edges: [Double]) -> [Int64] {
        var counts = [Int64](repeating: 0, count: edges.count + 1)
        var cell = 0
        for value in values {
            while cell < edges.count, edges[cell] <= value { cell += 1 }
            counts[cell] += 1
        }
        return counts
    }
}
