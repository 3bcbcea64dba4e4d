// Arithmetic of two doubles side by side, under names short enough to read an equation by.
// Never a fused multiply-add: that would round once where the reference rounds twice.

@inline
export function both(x: f64): v128 {
  return f64x2.splat(x);
}

@inline
export function add(x: v128, y: v128): v128 {
  return f64x2.add(x, y);
}

@inline
export function sub(x: v128, y: v128): v128 {
  return f64x2.sub(x, y);
}

@inline
export function mul(x: v128, y: v128): v128 {
  return f64x2.mul(x, y);
}

@inline
export function div(x: v128, y: v128): v128 {
  return f64x2.div(x, y);
}
