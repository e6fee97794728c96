/// Mean and spread of the present numbers.
struct Moments {
    let count: Int
    let mean: Double
    /// Mean of the squared deviations (divided by the count).
    let variance: Double

    /// In two passes, since the one-pass formula loses the digits of a column far from 0; `nil` without a number.
    static func of(_ numbers: [Double]) -> Moments? {
        numbers.withUnsafeBufferPointer { buffer in
            // Four sums side by side, which the processor adds at once.
            var sums = SIMD4<Double>()
            var counts = SIMD4<Double>()
            forEachFour(buffer) { four, isPresent in
                sums += four
                counts.replace(with: counts + 1, where: isPresent)
            }
            let count = counts.sum()
            guard count > 0 else { return nil }
            let mean = sums.sum() / count
            var squares = SIMD4<Double>()
            var deviations = SIMD4<Double>()
            forEachFour(buffer) { four, isPresent in
                let deviation = (four - mean).replacing(with: 0, where: .!isPresent)
                deviations += deviation
                squares += deviation * deviation
            }
            // The rest of rounding in the mean is taken out again (Chan, Golub, LeVeque 1983).
            let rest = deviations.sum()
            let variance = max(0, (squares.sum() - rest * rest / count) / count)
            return Moments(count: Int(count), mean: mean + rest / count, variance: variance)
        }
    }

    /// Of weighted numbers: Σwx/Σw, and Σw(x − mean)²/Σw, as scikit-learn's `StandardScaler`; `nil` where nothing weighs.
    static func of(_ numbers: [Double], weights: [Double]) -> Moments? {
        var (count, total, sum) = (0, 0.0, 0.0)
        for (number, weight) in zip(numbers, weights) where !number.isNaN {
            count += 1
            total += weight
            sum += weight * number
        }
        guard total > 0 else { return nil }
        let mean = sum / total
        var (squares, rest) = (0.0, 0.0)
        for (number, weight) in zip(numbers, weights) where !number.isNaN {
            let deviation = number - mean
            rest += weight * deviation
            squares += weight * deviation * deviation
        }
        // As without weights.
        return Moments(
            count: count, mean: mean + rest / total, variance: max(0, (squares - rest * rest / total) / total))
    }

    /// Missing numbers are given as 0 and marked; the last group is filled up with missing ones.
    @inline(__always)
    private static func forEachFour(
        _ buffer: UnsafeBufferPointer<Double>, _ body: (SIMD4<Double>, SIMDMask<SIMD4<Int64>>) -> Void
    ) {
        let bytes = UnsafeRawBufferPointer(buffer)
        var index = 0
        while index < buffer.count {
            var four = SIMD4<Double>(repeating: .nan)
            if index + 4 <= buffer.count {
                let offset = index * MemoryLayout<Double>.stride
                four = bytes.loadUnaligned(fromByteOffset: offset, as: SIMD4<Double>.self)
            } else {
                for lane in 0..<(buffer.count - index) { four[lane] = buffer[index + lane] }
            }
            let isPresent = four .== four
            body(four.replacing(with: 0, where: .!isPresent), isPresent)
            index += 4
        }
    }
}
