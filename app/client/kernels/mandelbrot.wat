;; The Mandelbrot set in fixed point: integers only, so every machine computes the same bytes.
;;
;; Arguments (24 bytes, little-endian): width u32, height u32, max_iterations u32, left i32, bottom i32, step i32, the last
;; three in units of 2^-28. Result: for each pixel, row by row from the bottom, the number of iterations z <- z^2 + c for which
;; |z|^2 <= 4 held, as u16, at most max_iterations.
;;
;; A pixel's coordinates must lie strictly between -4 and 4 (2^30 in these units), else the module traps. While |z|^2 <= 4 both
;; parts of z^2 are at most 2^30, so the parts of z^2 + c stay below 2^31 and their squares' sum below 2^63: nothing overflows.
(module
  (memory (export "memory") 1)
  ;; the first 64 KiB hold the arguments; the result starts after them
  (global $result i32 (i32.const 65536))

  (func (export "input") (param $len i32) (result i32)
    ;; exactly 24 bytes are understood
    (if (i32.ne (local.get $len) (i32.const 24)) (then unreachable))
    (i32.const 0))

  (func $iterations (param $cx i64) (param $cy i64) (param $max i32) (result i32)
    (local $x i64) (local $y i64) (local $xx i64) (local $yy i64) (local $count i32)
    (if (i64.ge_s (local.get $cx) (i64.const 1073741824)) (then unreachable))
    (if (i64.le_s (local.get $cx) (i64.const -1073741824)) (then unreachable))
    (if (i64.ge_s (local.get $cy) (i64.const 1073741824)) (then unreachable))
    (if (i64.le_s (local.get $cy) (i64.const -1073741824)) (then unreachable))
    (block $done
      (loop $next
        (br_if $done (i32.ge_u (local.get $count) (local.get $max)))
        (local.set $xx (i64.mul (local.get $x) (local.get $x)))
        (local.set $yy (i64.mul (local.get $y) (local.get $y)))
        ;; |z|^2 > 4: 4 is 2^58 in units of 2^-56
        (br_if $done (i64.gt_s (i64.add (local.get $xx) (local.get $yy)) (i64.const 288230376151711744)))
        (local.set $y
          (i64.add
            (i64.shr_s (i64.mul (local.get $x) (local.get $y)) (i64.const 27))
            (local.get $cy)))
        (local.set $x
          (i64.add
            (i64.shr_s (i64.sub (local.get $xx) (local.get $yy)) (i64.const 28))
            (local.get $cx)))
        (local.set $count (i32.add (local.get $count) (i32.const 1)))
        (br $next)))
    (local.get $count))

  (func (export "run") (param $at i32) (param $len i32) (result i64)
    (local $width i32) (local $height i32) (local $max i32) (local $row i32) (local $column i32) (local $out i32)
    (local $left i64) (local $bottom i64) (local $step i64) (local $bytes i32)
    (local.set $width (i32.load (local.get $at)))
    (local.set $height (i32.load offset=4 (local.get $at)))
    (local.set $max (i32.load offset=8 (local.get $at)))
    (local.set $left (i64.load32_s offset=12 (local.get $at)))
    (local.set $bottom (i64.load32_s offset=16 (local.get $at)))
    (local.set $step (i64.load32_s offset=20 (local.get $at)))
    ;; at most 2048 x 2048 pixels (8 MiB of result) and as many iterations as a u16 counts
    (if (i32.gt_u (local.get $width) (i32.const 2048)) (then unreachable))
    (if (i32.gt_u (local.get $height) (i32.const 2048)) (then unreachable))
    (if (i32.gt_u (local.get $max) (i32.const 65535)) (then unreachable))
    (local.set $bytes (i32.mul (i32.mul (local.get $width) (local.get $height)) (i32.const 2)))
    (if (i32.eq
          (memory.grow (i32.add (i32.shr_u (local.get $bytes) (i32.const 16)) (i32.const 1)))
          (i32.const -1))
      (then unreachable))
    (local.set $out (global.get $result))
    (block $rows_done
      (loop $rows
        (br_if $rows_done (i32.ge_u (local.get $row) (local.get $height)))
        (local.set $column (i32.const 0))
        (block $columns_done
          (loop $columns
            (br_if $columns_done (i32.ge_u (local.get $column) (local.get $width)))
            (i32.store16 (local.get $out)
              (call $iterations
                (i64.add (local.get $left)
                  (i64.mul (local.get $step) (i64.extend_i32_u (local.get $column))))
                (i64.add (local.get $bottom)
                  (i64.mul (local.get $step) (i64.extend_i32_u (local.get $row))))
                (local.get $max)))
            (local.set $out (i32.add (local.get $out) (i32.const 2)))
            (local.set $column (i32.add (local.get $column) (i32.const 1)))
            (br $columns)))
        (local.set $row (i32.add (local.get $row) (i32.const 1)))
        (br $rows)))
    (i64.or
      (i64.shl (i64.extend_i32_u (global.get $result)) (i64.const 32))
      (i64.extend_i32_u (local.get $bytes)))))
