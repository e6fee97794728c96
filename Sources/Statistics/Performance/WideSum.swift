/// A signed integer of 256 bits: sums of fourth powers of fixed-point numbers, where 128 bits end. Wraps on overflow,
/// which takes 2⁶⁰ pairs at the clamp.
struct WideSum: Sendable, Equatable {
    private(set) var high: Int128 = 0
    private(set) var low: UInt128 = 0

    init() {}

    init(high: Int128, low: UInt128) {
        self.high = high
        self.low = low
    }

    init(_ left: Int128, times right: Int128) { (high, low) = left.multipliedFullWidth(by: right) }

    static func += (sum: inout WideSum, term: WideSum) {
        let (low, carry) = sum.low.addingReportingOverflow(term.low)
        sum.low = low
        sum.high = sum.high &+ term.high &+ (carry ? 1 : 0)
    }

    static func + (left: WideSum, right: WideSum) -> WideSum {
        var sum = left
        sum += right
        return sum
    }

    static prefix func - (value: WideSum) -> WideSum {
        WideSum(high: ~value.high, low: ~value.low) + WideSum(high: 0, low: 1)
    }

    static func * (value: WideSum, factor: Int64) -> WideSum {
        let product = value.low.multipliedFullWidth(by: UInt128(factor.magnitude))
        let result = WideSum(
            high: value.high &* Int128(factor.magnitude) &+ Int128(truncatingIfNeeded: product.high), low: product.low)
        return factor < 0 ? -result : result
    }

    /// The nearest number, or nearly; never a difference of two large ones.
    var double: Double {
        guard high < 0 else { return Double(high) * 0x1p128 + Double(low) }
        let magnitude = -self
        return -(Double(UInt128(truncatingIfNeeded: magnitude.high)) * 0x1p128 + Double(magnitude.low))
    }
}
