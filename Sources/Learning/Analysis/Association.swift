import Statistics

/// How two columns go together.
public struct Association: Sendable, Equatable {
    /// Places in `AssociationMatrix.columns`, the first below the second.
    public var first: Int
    public var second: Int
    public var measures: Measures
    /// Rows with a value in both.
    public var count: Int

    /// By the kinds of the two columns; `nil` where a column is constant among the rows, or where there are too few.
    public enum Measures: Sendable, Equatable {
        case numbers(pearson: Double?, spearman: Double?)
        /// The bias-corrected Cramér's V.
        case categories(cramersV: Double?)
        case mixed(correlationRatio: Double?)
    }

    /// 0…1: the larger of both correlations' magnitudes, V, or the correlation ratio.
    public var strength: Double? {
        switch measures {
        case .numbers(let pearson, let spearman):
            [pearson, spearman].compactMap { $0?.magnitude }.max()
        case .categories(let value), .mixed(let value): value
        }
    }

    /// The strength with the rank correlation's sign, for a picture.
    public var signed: Double? {
        guard case .numbers(let pearson, let spearman) = measures else { return strength }
        return spearman ?? pearson
    }
}

/// Measures of association of two columns.
public enum AssociationMeasures {
    /// Pearson's r over the pairs in which both are numbers; `nil` for fewer than two pairs or a constant side.
    public static func pearson(_ x: [Double], _ y: [Double]) -> (value: Double?, count: Int) {
        precondition(x.count == y.count, "pairs have two sides")
        var (count, sumX, sumY) = (0, 0.0, 0.0)
        for index in x.indices where !(x[index] + y[index]).isNaN {
            count &+= 1
            sumX += x[index]
            sumY += y[index]
        }
        guard count > 1 else { return (nil, count) }
        let (meanX, meanY) = (sumX / Double(count), sumY / Double(count))
        var (xx, yy, xy) = (0.0, 0.0, 0.0)
        for index in x.indices where !(x[index] + y[index]).isNaN {
            let (dx, dy) = (x[index] - meanX, y[index] - meanY)
            xx += dx * dx
            yy += dy * dy
            xy += dx * dy
        }
        let scale = xx.squareRoot() * yy.squareRoot()
        // What rounding leaves of a constant is no spread.
        let isSpread =
            xx > 1e-28 * Double(count) * (meanX * meanX) && yy > 1e-28 * Double(count) * (meanY * meanY)
        guard isSpread, scale.isNormal, xy.isFinite else { return (nil, count) }
        return (max(-1, min(1, xy / scale)), count)
    }

    /// Ranks from 1, equal numbers sharing their mean; NaN for what is not finite.
    public static func ranks(_ values: [Double]) -> [Double] {
        let rows = values.indices.filter { values[$0].isFinite }
        let order = RadixSort.order(rows.map { values[$0] })
        var ranks = [Double](repeating: .nan, count: values.count)
        var start = 0
        while start < order.count {
            let value = values[rows[Int(order[start])]]
            var end = start + 1
            while end < order.count, values[rows[Int(order[end])]] == value { end += 1 }
            for index in start..<end { ranks[rows[Int(order[index])]] = Double(start + end + 1) / 2 }
            start = end
        }
        return ranks
    }

    /// Cramér's V of a table of counts (rows × columns, row by row) with the bias correction of Bergsma (2013):
    /// φ² = χ²/n less (r − 1)(k − 1)/(n − 1), over the least of the corrected numbers of rows and columns less one.
    /// Rows and columns without a count are none; `nil` where fewer than two of either are left.
    public static func cramersV(_ counts: [Int32], columns: Int) -> Double? {
        let rows = counts.count / max(1, columns)
        var rowSums = [Double](repeating: 0, count: rows)
        var columnSums = [Double](repeating: 0, count: columns)
        for row in 0..<rows {
            for column in 0..<columns {
                let count = Double(counts[row * columns + column])
                rowSums[row] += count
                columnSums[column] += count
            }
        }
        let n = rowSums.reduce(0, +)
        let (r, k) = (Double(rowSums.count { $0 > 0 }), Double(columnSums.count { $0 > 0 }))
        guard r > 1, k > 1, n > 1 else { return nil }
        var chiSquare = 0.0
        for row in 0..<rows where rowSums[row] > 0 {
            for column in 0..<columns where columnSums[column] > 0 {
                let expected = rowSums[row] * columnSums[column] / n
                let distance = Double(counts[row * columns + column]) - expected
                chiSquare += distance * distance / expected
            }
        }
        let corrected = max(0, chiSquare / n - (r - 1) * (k - 1) / (n - 1))
        let least = min(r - (r - 1) * (r - 1) / (n - 1), k - (k - 1) * (k - 1) / (n - 1)) - 1
        return least > 0 ? min(1, (corrected / least).squareRoot()) : nil
    }

    /// The correlation ratio η = √(between / total sum of squares) of numbers in groups (Fisher 1925).
    /// - Parameter groups: of each number; below 0 for none.
    public static func correlationRatio(_ numbers: [Double], groups: [Int32], count: Int) -> (
        value: Double?, count: Int
    ) {
        var sums = [(count: Double, sum: Double)](repeating: (0, 0), count: count)
        var (n, total) = (0, 0.0)
        for (number, group) in zip(numbers, groups) where group >= 0 && !number.isNaN {
            sums[Int(group)].count += 1
            sums[Int(group)].sum += number
            n &+= 1
            total += number
        }
        guard n > 1, sums.count(where: { $0.count > 0 }) > 1 else { return (nil, n) }
        let mean = total / Double(n)
        var squares = 0.0
        for (number, group) in zip(numbers, groups) where group >= 0 && !number.isNaN {
            squares += (number - mean) * (number - mean)
        }
        let between = sums.reduce(0.0) { sum, part in
            guard part.count > 0 else { return sum }
            let distance = part.sum / part.count - mean
            return sum + part.count * distance * distance
        }
        guard squares > 1e-28 * Double(n) * (mean * mean), squares.isNormal else { return (nil, n) }
        return (min(1, (between / squares).squareRoot()), n)
    }
}
