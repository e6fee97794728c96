/// Quantiles of numbers that are not sorted, in linear time.
enum OrderStatistics {
    /// The quantiles at ascending levels in 0…1, by linear interpolation between order statistics (type 7 of Hyndman and
    /// Fan 1996, NumPy's default); the values must be free of NaN and are reordered. Empty without values.
    static func quantiles(_ values: inout [Double], levels: [Double]) -> [Double] {
        guard !values.isEmpty else { return [] }
        let last = values.count - 1
        return values.withUnsafeMutableBufferPointer { buffer in
            var from = 0
            return levels.map { level in
                let position = level * Double(last)
                let low = min(Int(position), last)
                select(buffer, low, from: from)
                from = low
                guard low < last, position > Double(low) else { return buffer[low] }
                // What is above the selected one is not smaller: the next order statistic is its least.
                var next = buffer[low + 1]
                for index in (low + 1)...last { next = min(next, buffer[index]) }
                return interpolate(buffer[low], next, position - Double(low))
            }
        }
    }

    static func median(_ values: inout [Double]) -> Double? { quantiles(&values, levels: [0.5]).first }

    /// The number up to which half of the weight lies; in the middle of two where one ends exactly there, so that whole
    /// weights say what as many equal rows do. Missing numbers and those without weight are ignored; `nil` without any.
    static func median(_ values: [Double], weights: [Double]) -> Double? {
        let present = zip(values, weights).filter { !$0.0.isNaN && $0.1 > 0 }.sorted { $0.0 < $1.0 }
        let half = present.reduce(0) { $0 + $1.1 } / 2
        var sum = 0.0
        for (index, (value, weight)) in present.enumerated() {
            sum += weight
            if sum == half, index + 1 < present.count { return interpolate(value, present[index + 1].0, 0.5) }
            if sum >= half { return value }
        }
        return present.last?.0
    }

    /// As NumPy does, so that equal ends give exactly themselves.
    static func interpolate(_ low: Double, _ high: Double, _ share: Double) -> Double {
        share < 0.5 ? low + (high - low) * share : high - (high - low) * (1 - share)
    }

    /// How many of the sorted numbers, from the first, satisfy a condition that holds up to some place.
    static func count(in sorted: [Double], while holds: (Double) -> Bool) -> Int {
        var low = 0
        var high = sorted.count
        while low < high {
            let middle = (low + high) / 2
            if holds(sorted[middle]) { low = middle + 1 } else { high = middle }
        }
        return low
    }

    /// Puts the value of the given rank in its place, smaller ones before and larger ones behind it; everything before
    /// `from` is known to be smaller (Hoare's selection with the median of three as pivot).
    private static func select(_ buffer: UnsafeMutableBufferPointer<Double>, _ rank: Int, from: Int) {
        var low = from
        var high = buffer.count - 1
        while low < high {
            let middle = low + (high - low) / 2
            if buffer[middle] < buffer[low] { buffer.swapAt(middle, low) }
            if buffer[high] < buffer[low] { buffer.swapAt(high, low) }
            if buffer[high] < buffer[middle] { buffer.swapAt(high, middle) }
            let pivot = buffer[middle]
            var left = low
            var right = high
            while left <= right {
                while buffer[left] < pivot { left &+= 1 }
                while pivot < buffer[right] { right &-= 1 }
                if left <= right {
                    buffer.swapAt(left, right)
                    left &+= 1
                    right &-= 1
                }
            }
            if rank <= right {
                high = right
            } else if rank >= left {
                low = left
            } else {
                return
            }
        }
    }
}
