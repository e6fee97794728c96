extension ExactMetrics {
    /// Pearson's correlation; `nil` below two rows or where one side is constant.
    public static func pearson(_ left: [Double], _ right: [Double]) -> Double? {
        guard left.count > 1, let meanLeft = mean(left, left, { $1 }), let meanRight = mean(right, right, { $1 }) else {
            return nil
        }
        var sums = (left: 0.0, right: 0.0, both: 0.0)
        for (x, y) in zip(left, right) {
            sums.left += (x - meanLeft) * (x - meanLeft)
            sums.right += (y - meanRight) * (y - meanRight)
            sums.both += (x - meanLeft) * (y - meanRight)
        }
        guard sums.left > 0, sums.right > 0 else { return nil }
        return min(1, max(-1, sums.both / sums.left.squareRoot() / sums.right.squareRoot()))
    }

    /// Spearman's rank correlation: Pearson's of the ranks, ties having their mean rank.
    public static func spearman(_ left: [Double], _ right: [Double]) -> Double? { pearson(ranks(left), ranks(right)) }

    /// Kendall's τ-b, by Knight's merge sort (1966) in n·log n; `nil` where one side is constant.
    public static func kendall(_ left: [Double], _ right: [Double]) -> Double? {
        precondition(left.count == right.count, "one outcome per prediction")
        let order = left.indices.sorted { (left[$0], right[$0]) < (left[$1], right[$1]) }
        let (x, y) = (order.map { left[$0] }, order.map { right[$0] })
        let pairs = Double(left.count) * Double(left.count - 1) / 2
        let tiedX = tiedPairs(x) { $0 == $1 }
        let tiedY = tiedPairs(y.sorted()) { $0 == $1 }
        let tiedBoth = tiedPairs(Array(zip(x, y))) { $0.0 == $1.0 && $0.1 == $1.1 }
        guard pairs > tiedX, pairs > tiedY else { return nil }
        var sorted = y
        let swaps = countSwaps(&sorted)
        let score = pairs - tiedX - tiedY + tiedBoth - 2 * swaps
        return score / (pairs - tiedX).squareRoot() / (pairs - tiedY).squareRoot()
    }

    private static func ranks(_ values: [Double]) -> [Double] {
        let order = values.indices.sorted { values[$0] < values[$1] }
        var ranks = [Double](repeating: 0, count: values.count)
        var start = 0
        while start < order.count {
            var end = start
            while end < order.count, values[order[end]] == values[order[start]] { end += 1 }
            for index in start..<end { ranks[order[index]] = Double(start + end + 1) / 2 }
            start = end
        }
        return ranks
    }

    private static func tiedPairs<Value>(_ sorted: [Value], _ isEqual: (Value, Value) -> Bool) -> Double {
        var (found, run) = (0.0, 1.0)
        for index in sorted.indices.dropFirst() {
            run = isEqual(sorted[index - 1], sorted[index]) ? run + 1 : 1
            found += run - 1
        }
        return found
    }

    /// Sorts by merging and counts the pairs that stood the wrong way round.
    private static func countSwaps(_ values: inout [Double]) -> Double {
        var swaps = 0.0
        var width = 1
        while width < values.count {
            var merged: [Double] = []
            merged.reserveCapacity(values.count)
            for start in stride(from: 0, to: values.count, by: 2 * width) {
                let middle = min(start + width, values.count)
                let end = min(start + 2 * width, values.count)
                var (left, right) = (start, middle)
                while left < middle || right < end {
                    if right == end || (left < middle && values[left] <= values[right]) {
                        merged.append(values[left])
                        left += 1
                    } else {
                        merged.append(values[right])
                        swaps += Double(middle - left)
                        right += 1
                    }
                }
            }
            values = merged
            width *= 2
        }
        return swaps
    }
}
