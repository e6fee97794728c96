import Foundation

extension Kolmogorov {
    /// P(D ≤ d) by Pomeranz's recursion (1974): each of 2n + 1 rows is the convolution of the one before with one of
    /// three Poisson laws, and only a band of each row is not zero. For n ≤ 140.
    static func pomeranz(_ n: Int, _ d: Double) -> Double {
        let band = PomeranzBand(n, d)
        let size = Double(n)
        let fraction = min(band.fraction, 1 - band.fraction)
        let ends = poisson(fraction / size, count: band.powers)
        let odd = poisson(2 * fraction / size, count: band.powers)
        let even = poisson((1 - 2 * fraction) / size, count: band.powers)
        var row = [1.0]
        var start = band.range(0).lowerBound
        var exponent = 0
        // The first row holds one at its first place, which is column 0.
        start = max(start, 0)
        for i in 1...(2 * n + 1) {
            let weights = i == 1 || i == 2 * n + 1 ? ends : (i % 2 == 1 ? odd : even)
            let range = band.range(i)
            guard range.lowerBound <= range.upperBound else { return 0 }
            var next = [Double](repeating: 0, count: range.upperBound - range.lowerBound + 1)
            for column in range {
                var sum = 0.0
                for (offset, value) in row.enumerated() where start + offset <= column {
                    let step = column - start - offset
                    if step < weights.count { sum += value * weights[step] }
                }
                next[column - range.lowerBound] = sum
            }
            if let largest = next.max(), largest > 0, largest < 0x1p-128 {
                next = next.map { $0 * 0x1p128 }
                exponent -= 128
            }
            (row, start) = (next, range.lowerBound)
        }
        var answer = n - start < row.count ? row[n - start] : 0
        for m in 1...n {
            if answer.magnitude > 0x1p128 {
                answer *= 0x1p-128
                exponent += 128
            }
            answer *= Double(m)
        }
        return min(1, max(0, scalbn(answer, exponent)))
    }

    /// xᵐ/m!, m = 0…count − 1.
    private static func poisson(_ x: Double, count: Int) -> [Double] {
        var terms = [1.0]
        for m in 1..<count { terms.append(terms[m - 1] * x / Double(m)) }
        return terms
    }
}

/// The columns that are not zero in each row.
private struct PomeranzBand {
    let n: Int
    let whole: Int
    let fraction: Double
    private let ceiling: Int
    private let rounding: Int

    init(_ n: Int, _ d: Double) {
        self.n = n
        let scaled = Double(n) * d
        whole = Int(scaled)
        fraction = scaled - Double(whole)
        ceiling = fraction > 0 ? 1 : 0
        rounding = fraction > 0.5 ? 1 : 0
    }

    var powers: Int { 2 * (whole + 1) + 1 }

    func range(_ i: Int) -> ClosedRange<Int> {
        let low: Int
        let high: Int
        let half = (i + 1) / 2
        if i == 0 {
            (low, high) = (-whole - ceiling - 1, whole + ceiling - 1)
        } else if i % 2 == 0 {
            (low, high) = (half - 1 - whole - 1, half + whole + rounding - 1)
        } else if half == n + 1 {
            (low, high) = (n - whole - ceiling - 1, n + whole + ceiling - 1)
        } else {
            (low, high) = (half - 1 - whole - rounding - 1, half + whole - 1 + ceiling - 1)
        }
        let first = max(low + 2, 0)
        return first...max(first, min(high, n))
    }
}
